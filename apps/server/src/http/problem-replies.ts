import { type ErrorCode, errors } from "@dsp-fleet/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { bodyTooLarge, ProblemError, problemBody, problemContentType, retryAfterSeconds } from "./problem.ts";

/** Anything thrown → an error of the contract. What is not known is `internal`, and its cause stays here. */
export function problemFrom(thrown: unknown, request: FastifyRequest): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  if (codeOf(thrown) === "FST_ERR_CTP_BODY_TOO_LARGE") return bodyTooLarge(request.routeOptions.bodyLimit);
  const problem = known[codeOf(thrown)];
  if (problem !== undefined) return new ProblemError(problem.code, problem.detail, { cause: thrown });
  return new ProblemError(
    "internal",
    "It is not your fault, and it is written down. Try again; name the traceId when you report it.",
    {
      cause: thrown,
    },
  );
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ProblemError): FastifyReply {
  const { status } = errors[error.code];
  if (status >= 500 && error.cause !== undefined) request.log.error({ err: error.cause }, "request failed");
  const wait = retryAfterSeconds(error);
  if (wait !== null) reply.header("retry-after", wait);
  if (status === 401) reply.header("www-authenticate", "Bearer");
  if (status === 413) reply.header("connection", "close");
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .header("x-trace-id", request.id)
    .type(problemContentType)
    .send(JSON.stringify(problemBody(error, request.id)));
}

const known: Readonly<Record<string, { code: ErrorCode; detail: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "unsupported-media-type",
    detail: "Send the body as application/json, not encoded.",
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "invalid-request",
    detail: "The body has another length than Content-Length says.",
  },
  "database-unavailable": {
    code: "unavailable",
    detail: "The database does not answer; nothing of this was kept. Try again in a moment.",
  },
  "database-busy": {
    code: "unavailable",
    detail: "The database is busy; nothing of this was kept. Try again in a moment.",
  },
  FST_ERR_BAD_URL: { code: "invalid-request", detail: "The address is not well formed." },
  FST_ERR_MAX_PARAM_LENGTH: { code: "not-found", detail: "There is nothing at this address." },
};

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}
