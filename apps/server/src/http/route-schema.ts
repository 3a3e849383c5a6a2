import { type Access, type ErrorCode, errors, type Operation, type OperationId, problem } from "@dsp-fleet/contract";
import type {} from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import { z } from "zod";

const common: readonly ErrorCode[] = ["rate-limited", "internal", "unavailable"];

/** Every error code an operation can answer: its own, and those that its shape brings along. */
export function errorsOf(operation: Operation): readonly ErrorCode[] {
  const codes = new Set<ErrorCode>(operation.errors);
  if (operation.body !== undefined)
    for (const code of ["invalid-request", "body-too-large", "unsupported-media-type"] as const) codes.add(code);
  if (operation.query !== undefined || operation.ifMatch === true) codes.add("invalid-request");
  if (operation.params !== undefined) codes.add("not-found");
  if (operation.ifMatch === true) codes.add("version-mismatch");
  if (operation.idempotent === true) codes.add("idempotency-key-reused");
  if (operation.access !== "anyone") codes.add("unauthorized");
  if (operation.access !== "anyone" && operation.access !== "operator") codes.add("forbidden");
  if (operation.method !== "GET") codes.add("foreign-origin");
  for (const code of common) codes.add(code);
  return [...codes].toSorted((a, b) => errors[a].status - errors[b].status);
}

const securityOf: Record<Access, readonly Record<string, readonly string[]>[]> = {
  anyone: [],
  user: [{ userToken: [] }],
  viewer: [{ userToken: [] }],
  dispatcher: [{ userToken: [] }],
  owner: [{ userToken: [] }],
  device: [{ deviceToken: [] }],
  account: [{ userToken: [] }, { deviceToken: [] }],
  operator: [{ metricsToken: [] }],
};

const whoMay: Record<Access, string> = {
  anyone: "Anyone, without a token.",
  user: "Any signed-in user.",
  viewer: "Any user of the account: viewer, dispatcher or owner.",
  dispatcher: "A dispatcher or an owner.",
  owner: "An owner.",
  device: "A phone, with its device token.",
  account: "Any user of the account, or one of its phones with its device token.",
  operator: "Whoever runs the server; with METRICS_TOKEN set, with that token.",
};

const remarks = ({ ifMatch, idempotent, bodyLimitBytes, bodyEncodings = [] }: Operation): readonly string[] => [
  ...(ifMatch === true ? ["Takes the version that was read as `If-Match`."] : []),
  ...(idempotent === true ? ["May be tried again with the same `Idempotency-Key`."] : []),
  ...(bodyLimitBytes === undefined ? [] : [`The body may have up to ${bodyLimitBytes / 1024} KiB.`]),
  ...bodyEncodings.map((encoding) => `It may be packed: \`Content-Encoding: ${encoding}\`.`),
];

/** What fastify checks, and what the OpenAPI document says. */
export function routeSchema(id: OperationId, operation: Operation): FastifySchema {
  return {
    operationId: id,
    tags: [operation.tag],
    summary: operation.summary,
    description: [whoMay[operation.access], ...remarks(operation)].join(" "),
    security: securityOf[operation.access],
    ...(operation.params === undefined ? {} : { params: operation.params }),
    ...(operation.query === undefined ? {} : { querystring: operation.query }),
    ...(operation.body === undefined ? {} : { body: operation.body }),
    response: { ...answerSchema(operation), ...problemSchemas(errorsOf(operation)) },
  };
}

function answerSchema(operation: Operation): Record<string, unknown> {
  const { status, body, contentType, alternatives = [] } = operation.answer;
  // Null is how the document says "no content".
  if (body === null) return { [status]: z.null().meta({ description: "Done" }) };
  const texts = Object.fromEntries(alternatives.map((type) => [type, { schema: z.string() }]));
  const content = { [contentType ?? "application/json"]: { schema: body }, ...texts };
  return { [status]: { description: "Done", content } };
}

function problemSchemas(codes: readonly ErrorCode[]): Record<string, unknown> {
  const byStatus = Map.groupBy(codes, (code) => errors[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\` – ${errors[code].title}`).join("; "),
        content: { "application/problem+json": { schema: problem } },
      },
    ]),
  );
}
