import { type Operation, operations } from "@dsp-fleet/contract";
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { tidySchemas } from "./component-schemas.ts";
import { withProblemExamples } from "./problem-examples.ts";

/** Reads every route that is registered after it; `app.swagger()` is then the OpenAPI 3.1 document. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  const transformObject = createJsonSchemaTransformObject({});
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "DSP Fleet API",
        version: "1",
        description: introduction,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/", description: "This server" }],
      tags: [
        { name: "Accounts", description: "Sign in, stay signed in, and the account's settings." },
        { name: "Devices", description: "The account's phones, as a dispatcher sees them." },
        { name: "Phones", description: "What a phone asks for itself, before and after it is bound." },
        { name: "History", description: "Where devices were: tracks, trips and stops." },
        { name: "Messages", description: "Messages to vans with their timelines, and what an account says often." },
        { name: "Fleet", description: "The whole account at once." },
        { name: "Rescues", description: "One device comes to the aid of another." },
        { name: "Zones", description: "Areas on the map, and which devices were in them when." },
        { name: "Operations", description: "For whoever runs the server." },
      ],
      components: {
        securitySchemes: {
          userToken: {
            type: "http",
            scheme: "bearer",
            bearerFormat: "JWT",
            description: "`accessToken` of an AuthResponse: sign in, then send it as `Authorization: Bearer`.",
          },
          deviceToken: {
            type: "http",
            scheme: "bearer",
            bearerFormat: "JWT",
            description:
              "`accessToken` of DeviceBound, which PairingHub sends when a dispatcher enters the phone's code.",
          },
          metricsToken: { type: "http", scheme: "bearer", description: "METRICS_TOKEN, when the server has one." },
        },
      },
    },
    hideUntagged: true,
    transform: createJsonSchemaTransform({}),
    transformObject: (document) => withProblemExamples(withHeaders(tidySchemas(transformObject(document)))),
  });
}

/** Names the headers that an operation takes: as a schema they would replace all other headers of the request. */
function withHeaders<D extends { paths?: object | undefined }>(document: D): D {
  const paths = new Map<string, object>(Object.entries(document.paths ?? {}));
  const all: readonly Operation[] = Object.values(operations);
  for (const { path, method, ifMatch, idempotent } of all) {
    const headers = [
      ...(ifMatch === true ? [ifMatchParameter] : []),
      ...(idempotent === true ? [idempotencyKeyParameter] : []),
    ];
    if (headers.length === 0) continue;
    const item: Record<string, { parameters?: object[] }> = { ...paths.get(path) };
    const key = method.toLowerCase();
    paths.set(path, {
      ...item,
      [key]: { ...item[key], parameters: [...(item[key]?.parameters ?? []), ...headers] },
    });
  }
  return { ...document, paths: Object.fromEntries(paths) };
}

const ifMatchParameter = {
  in: "header",
  name: "If-Match",
  required: false,
  description: "The version that was read, from `ETag` or `version`. Another one by now: 412, and nothing changes.",
  schema: { type: "string", examples: ['"3"'] },
};

const idempotencyKeyParameter = {
  in: "header",
  name: "Idempotency-Key",
  required: false,
  description:
    "A word of your own for this one request, 1 to 200 visible characters. For 24 h the same request with the same key is done once and answered as it was the first time; another request with that key is a 422.",
  schema: { type: "string", examples: ["8e03978e-40d5-43e8-bc93-6894a57f9324"] },
};

const introduction = `Live positions, pairing and devices of a delivery fleet.

- JSON with camelCase names; times are UTC, ISO-8601 with \`Z\`; \`null\` means *not known*.
- Every error is \`application/problem+json\` with a stable \`code\`; [all codes](/docs/errors).
- Lists take \`limit\` and \`cursor\` and answer \`items\` and \`nextCursor\`.
- What is shared carries a \`version\`: send it back as \`If-Match\`, and nobody's change is lost.
- Where an operation takes \`Idempotency-Key\`, it may be tried again without being done twice.
- What happens live comes over SignalR: [the hub contract](/docs/signalr.html).`;
