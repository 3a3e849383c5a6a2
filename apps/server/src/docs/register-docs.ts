import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { asyncApi } from "./asyncapi.ts";
import { serveDocument } from "./document-reply.ts";
import { errorsPage } from "./errors-page.ts";
import { hubPage } from "./hub-page.ts";
import { scalarPage, scalarStart } from "./scalar-page.ts";
import { scalarScript } from "./scalar-script.ts";

const sheet = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

/** The documents of the API, all made from the contract; they load nothing from any other host. */
export function registerDocs(app: FastifyInstance): void {
  serveDocument(app, "/openapi/v1.json", () => ({ body: JSON.stringify(app.swagger()), type: "application/json" }));
  serveDocument(app, "/scalar", () => ({ body: scalarPage(), type: "text/html" }));
  serveDocument(app, "/scalar/scalar.js", async () => ({ body: await scalarScript(), type: "text/javascript" }));
  serveDocument(app, "/scalar/start.js", () => ({ body: scalarStart(), type: "text/javascript" }));
  serveDocument(app, "/scalar/page.css", () => ({ body: sheet("./scalar.css"), type: "text/css" }));
  serveDocument(app, "/docs/signalr.html", () => ({ body: hubPage(), type: "text/html" }));
  serveDocument(app, "/docs/asyncapi.json", () => ({ body: JSON.stringify(asyncApi()), type: "application/json" }));
  serveDocument(app, "/docs/errors", () => ({ body: errorsPage(), type: "text/html" }));
  serveDocument(app, "/docs/style.css", () => ({ body: sheet("./style.css"), type: "text/css" }));
  app.get("/docs", { schema: { hide: true } }, async (_request, reply) => reply.redirect("/scalar", 302));
}
