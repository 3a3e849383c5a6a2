import type { FastifyInstance } from "fastify";
import { ProblemError } from "./problem.ts";

/** JSON is the one content type; an empty body counts as none. Keys that reach a prototype are refused. */
export function acceptJsonAlone(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      return done(new ProblemError("unsupported-media-type", "Send the body as application/json, not encoded."));
    }
    return parse(request, String(body), (error, value) =>
      error === null ? done(null, value) : done(malformedJson(error)),
    );
  });
}

const malformedJson = (cause: unknown): ProblemError =>
  new ProblemError("invalid-request", "The body is not well-formed JSON.", {
    cause,
    errors: { body: ["is not well-formed JSON"] },
  });
