import { type Access, type Operation, type OperationId, operations } from "@dsp-fleet/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { principalKey } from "../hubs/fleet-authentication.ts";
import type { RestCaller, RestLimits } from "../limits/rest-limits.ts";
import { refusal } from "./authorize.ts";
import { bearerToken } from "./bearer.ts";
import { assertAnswer, checkedStream } from "./check-answer.ts";
import type { Principal, Principals, RequestContext, RestHandlers } from "./context.ts";
import { type ForwardedOptions, publicOrigin, remoteAddress } from "./forwarded.ts";
import { parseIdempotencyKey } from "./idempotency-key.ts";
import { parseIfMatch } from "./if-match.ts";
import { ProblemError } from "./problem.ts";
import { routeSchema } from "./route-schema.ts";
import { asStream, sendStream } from "./send-stream.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    operationId?: OperationId;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}

export type OperationRoutesOptions = ForwardedOptions & {
  readonly handlers: RestHandlers;
  readonly principals: Principals;
  /** Bounds the calls of each operation; nothing is counted without it. */
  readonly limits?: RestLimits;
  readonly metricsToken: string | null;
  readonly isDraining: () => boolean;
  /** Parses each answer by its schema too, and fails when it has more or less. For tests. */
  readonly checkAnswers: boolean;
};

type AnyHandler = (context: never, input: never) => unknown;

/** One route for each operation of the contract; there is no other way to get an API route. */
export function registerOperations(app: FastifyInstance, options: OperationRoutesOptions): void {
  app.decorateRequest("principal", null);
  for (const id of Object.keys(operations) as OperationId[]) {
    const operation: Operation = operations[id];
    const handler: AnyHandler = options.handlers[id];
    app.route({
      method: operation.method,
      url: operation.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      config: { operationId: id },
      schema: routeSchema(id, operation),
      ...(operation.bodyLimitBytes === undefined ? {} : { bodyLimit: operation.bodyLimitBytes }),
      onRequest: async (request) => {
        if (options.isDraining() && operation.tag !== "Operations") throw draining();
        request.principal = await admit(operation.access, request, options);
        const wait = options.limits?.(id, callerOf(request, options)) ?? 0;
        if (wait > 0) throw tooMany(wait);
      },
      handler: async (request, reply) => {
        const context: RequestContext<Access> = {
          principal: request.principal,
          remoteAddress: remoteAddress(request.raw, options.trustProxy),
          userAgent: request.headers["user-agent"] ?? null,
          origin: publicOrigin(request.raw, options),
          ifMatch: operation.ifMatch === true ? parseIfMatch(request.headers["if-match"]) : null,
          idempotency:
            operation.idempotent === true
              ? parseIdempotencyKey(request.headers["idempotency-key"], id, request.body)
              : null,
          traceId: request.id,
        };
        const input = { params: request.params, query: request.query, body: request.body };
        const answer: unknown = await handler(context as never, input as never);
        if (operation.answer.alternatives !== undefined) {
          reply.code(operation.answer.status).header("cache-control", "no-store");
          return sendStream(
            reply,
            options.checkAnswers ? await checkedStream(id, operation, answer) : asStream(answer),
          );
        }
        if (options.checkAnswers) assertAnswer(id, operation, answer);
        return sendAnswer(reply, operation, answer);
      },
    });
  }
}

const tooMany = (seconds: number): ProblemError =>
  new ProblemError("rate-limited", `Too many calls of this kind. Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });

const callerOf = ({ principal, raw }: FastifyRequest, { trustProxy }: ForwardedOptions): RestCaller =>
  principal === null
    ? { kind: "address", address: remoteAddress(raw, trustProxy) }
    : { kind: "principal", key: principalKey(principal) };

const draining = (): ProblemError =>
  new ProblemError("unavailable", "The server is being restarted. Try again in a moment.", { retryAfterSeconds: 2 });

async function admit(
  access: Access,
  request: FastifyRequest,
  options: OperationRoutesOptions,
): Promise<Principal | null> {
  if (access === "anyone" || (access === "operator" && options.metricsToken === null)) return null;
  const token = bearerToken(request.raw);
  if (token === null) throw new ProblemError("unauthorized", "Send a token as Authorization: Bearer.");
  if (access === "operator") {
    if (await isSame(token, options.metricsToken ?? "")) return null;
    throw new ProblemError("unauthorized", "This is not the METRICS_TOKEN of this server.");
  }
  const principal = await options.principals.authenticate(token);
  if (principal === null)
    throw new ProblemError("unauthorized", "The token is not valid any more. Refresh it, or sign in again.");
  const reason = refusal(access, principal);
  if (reason !== null) throw new ProblemError("forbidden", reason);
  return principal;
}

/** Compares digests, so that the time it takes says nothing about the secret. */
async function isSame(given: string, secret: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [given, secret].map((text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
  return a !== undefined && b !== undefined && Buffer.from(a).equals(Buffer.from(b));
}

function sendAnswer(reply: FastifyReply, operation: Operation, answer: unknown): FastifyReply {
  const { status, body, contentType } = operation.answer;
  reply.code(status).header("cache-control", "no-store");
  if (body === null) return reply.send();
  if (contentType !== undefined) return reply.type(`${contentType}; charset=utf-8`).send(answer);
  if (body instanceof z.ZodObject && "version" in body.shape) reply.header("etag", `"${versionOf(answer)}"`);
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

function versionOf(answer: unknown): string {
  return typeof answer === "object" && answer !== null && "version" in answer ? String(answer.version) : "";
}
