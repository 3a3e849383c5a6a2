import type { FastifyInstance } from "fastify";
import type { OriginPolicy } from "./origin-policy.ts";
import { ProblemError } from "./problem.ts";

const readers: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Lets the pages of ALLOWED_ORIGINS read answers, and no page of any other origin change anything. */
export function guardOrigins(app: FastifyInstance, policy: OriginPolicy): void {
  app.addHook("onRequest", async (request, reply) => {
    const verdict = policy(request.raw);
    if (verdict !== "none") reply.header("vary", "Origin");
    if (verdict === "allowed") {
      reply.header("access-control-allow-origin", request.headers.origin);
      reply.header("access-control-allow-credentials", "true");
      reply.header("access-control-expose-headers", "ETag, Retry-After, X-Trace-Id");
    }
    const isPreflight = request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
    if (verdict === "foreign" && (isPreflight || !readers.has(request.method))) {
      throw new ProblemError(
        "foreign-origin",
        "Pages of this web origin may not use this server; ALLOWED_ORIGINS names those that may.",
      );
    }
    if (isPreflight) {
      return reply
        .code(204)
        .header("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE")
        .header(
          "access-control-allow-headers",
          "Authorization, Content-Type, If-Match, Idempotency-Key, X-Requested-With, X-SignalR-User-Agent",
        )
        .header("access-control-max-age", "600")
        .send();
    }
  });
}
