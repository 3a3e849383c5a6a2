import { existsSync } from "node:fs";
import { join } from "node:path";
import files from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type StaticRoute, serverSegments } from "./static-routes.ts";

/** Sends the web app's page for an address that is one of its own; null when the address is not. */
export type PageFallback = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | null;

const indexPage = "index.html";
const home = "/" satisfies StaticRoute;

/** Serves the built web app at `/`; without it, `/` says how to build it. */
export async function registerWebApp(app: FastifyInstance, webRoot: string | null): Promise<PageFallback> {
  if (webRoot === null || !existsSync(join(webRoot, indexPage))) {
    app.get(home, { schema: { hide: true } }, async (_request, reply) =>
      reply.header("cache-control", "no-store").type("text/html; charset=utf-8").send(notBuilt),
    );
    return () => null;
  }
  await app.register(files, {
    root: webRoot,
    prefix: home,
    index: [indexPage],
    schemaHide: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      // The build writes a hash of the content into each name under assets/.
      const isHashed = path.startsWith(join(webRoot, "assets"));
      response.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  return (request, reply) => (isPage(request) ? reply.header("cache-control", "no-cache").sendFile(indexPage) : null);
}

/** A place within the web app: read by a browser, of no segment of the server's, and no file. */
function isPage({ method, url }: FastifyRequest): boolean {
  const path = url.split("?", 1)[0] ?? "/";
  const segments = path.split("/").filter((segment) => segment !== "");
  const isFile = segments.at(-1)?.includes(".") === true;
  return (method === "GET" || method === "HEAD") && !isFile && !serverSegments.has(segments[0] ?? "");
}

const notBuilt = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>DSP Fleet</title>
    <link rel="stylesheet" href="/docs/style.css">
  </head>
  <body>
    <div class="layout">
      <main>
        <h1>The server runs. The dashboard is not built yet.</h1>
        <p class="lead">Build it once, then load this page again:</p>
        <pre class="copy"><code>npm run build:dashboard</code></pre>
        <p>Meanwhile: <a href="/scalar">REST API</a> · <a href="/docs/signalr.html">SignalR hub contract</a></p>
      </main>
    </div>
  </body>
</html>
`;
