import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type Operation, operations } from "@dsp-fleet/contract";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { bodyTooLarge, ProblemError } from "./problem.ts";

/** JSON is the one content type, packed only where the operation says so; an empty body counts as none. Keys that reach a prototype are refused. */
export function acceptJsonAlone(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (request: FastifyRequest, body: Buffer) => {
    if (body.length === 0) return undefined;
    const text = String(await unpacked(request, body));
    return new Promise((resolve, reject) => {
      void parse(request, text, (error, value) => (error === null ? resolve(value) : reject(malformedJson(error))));
    });
  });
}

const unzip = promisify(gunzip);

/** The body itself. A small one that would unpack to more than a body may have is given up on the way. */
async function unpacked(request: FastifyRequest, body: Buffer): Promise<Buffer> {
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") return body;
  const id = request.routeOptions.config.operationId;
  const operation: Operation | undefined = id === undefined ? undefined : operations[id];
  const taken: readonly string[] = operation?.bodyEncodings ?? [];
  if (!taken.includes(encoding)) {
    const how = taken.length === 0 ? "not encoded" : `not encoded or as ${taken.join(" or ")}`;
    throw new ProblemError("unsupported-media-type", `Send the body as application/json, ${how}.`);
  }
  const limit = request.routeOptions.bodyLimit;
  try {
    return await unzip(body, { maxOutputLength: limit });
  } catch (cause) {
    if (cause instanceof RangeError) throw bodyTooLarge(limit);
    throw new ProblemError("invalid-request", "The body is not well-formed gzip.", {
      cause,
      errors: { body: ["is not well-formed gzip"] },
    });
  }
}

const malformedJson = (cause: unknown): ProblemError =>
  new ProblemError("invalid-request", "The body is not well-formed JSON.", {
    cause,
    errors: { body: ["is not well-formed JSON"] },
  });
