import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { StaticRoute } from "../http/static-routes.ts";

export type DocumentText = { readonly body: string | Buffer; readonly type: string };

/** Serves a text that does not change while the server runs; made at the first call, then known by its ETag. */
export function serveDocument(
  app: FastifyInstance,
  url: StaticRoute,
  make: () => DocumentText | Promise<DocumentText>,
): void {
  let made: Promise<DocumentText & { readonly etag: string }> | null = null;
  const once = async (): Promise<DocumentText & { readonly etag: string }> => {
    const document = await make();
    return { ...document, etag: `W/"${createHash("sha256").update(document.body).digest("base64url").slice(0, 22)}"` };
  };
  app.get(url, { schema: { hide: true } }, async (request, reply) => {
    made ??= once();
    const { body, type, etag } = await made;
    reply.header("cache-control", "no-cache").header("etag", etag);
    if (request.headers["if-none-match"] === etag) return reply.code(304).send();
    return reply.type(`${type}; charset=utf-8`).send(body);
  });
}
