import { fleetHub, type Hub, type HubEvent, type HubMethod, pairingHub } from "@dsp-fleet/contract";
import { z } from "zod";
import { namedShapes, nameOf } from "./type-words.ts";

type Schema = Readonly<Record<string, unknown>>;

const hubs: readonly Hub[] = [fleetHub, pairingHub];

/** The hubs as AsyncAPI 3.0, from the server's side: it receives methods, and sends events and results. */
export function asyncApi(): object {
  const shapes = namedShapes(hubs.flatMap(schemasOf));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "DSP Fleet hubs",
      version: "1",
      description:
        "SignalR hubs. Payloads are messages of the JSON hub protocol; MessagePack is spoken too, with times as timestamps. For people: /docs/signalr.html.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(hubs.map((hub) => [hub.name, channel(hub)])),
    operations: Object.fromEntries(hubs.flatMap(operationsOf)),
    components: {
      messages: Object.fromEntries(hubs.flatMap(messagesOf)),
      schemas: Object.fromEntries(shapes.map(({ name, schema }) => [name, bare(schema)])),
    },
  };
}

const schemasOf = (hub: Hub): z.ZodType[] => [
  ...Object.values(hub.methods).flatMap(({ params, returns }) => [
    ...Object.values(params),
    ...(returns === null ? [] : [returns]),
  ]),
  ...Object.values(hub.events).flatMap(({ args }) => Object.values(args)),
];

const channel = (hub: Hub): object => ({
  address: hub.path,
  summary: hub.summary,
  messages: Object.fromEntries(
    messagesOf(hub).map(([key]) => [key.slice(hub.name.length + 1), { $ref: `#/components/messages/${key}` }]),
  ),
});

function operationsOf(hub: Hub): [string, object][] {
  const here = { $ref: `#/channels/${hub.name}` };
  const message = (key: string): object => ({ $ref: `#/channels/${hub.name}/messages/${key}` });
  const methods = Object.entries(hub.methods).map(([name, { summary, returns }]): [string, object] => {
    const reply = returns === null ? {} : { reply: { channel: here, messages: [message(`${name}.result`)] } };
    return [`${hub.name}.${name}`, { action: "receive", channel: here, summary, messages: [message(name)], ...reply }];
  });
  const events = Object.entries(hub.events).map(([name, { summary }]): [string, object] => [
    `${hub.name}.${name}`,
    { action: "send", channel: here, summary, messages: [message(name)] },
  ]);
  return [...methods, ...events];
}

function messagesOf(hub: Hub): [string, object][] {
  const methods = Object.entries(hub.methods).flatMap(([name, method]: [string, HubMethod]): [string, object][] => [
    [`${hub.name}.${name}`, { name, payload: invocation(name, method.params) }],
    ...(method.returns === null
      ? []
      : [
          [`${hub.name}.${name}.result`, { name: `${name} result`, payload: completion(method.returns) }] satisfies [
            string,
            object,
          ],
        ]),
  ]);
  const events = Object.entries(hub.events).map(([name, event]: [string, HubEvent]): [string, object] => [
    `${hub.name}.${name}`,
    { name, payload: invocation(name, event.args) },
  ]);
  return [...methods, ...events];
}

/** Message type 1 of the JSON hub protocol, with its arguments by position. */
function invocation(target: string, shape: Readonly<Record<string, z.ZodType>>): Schema {
  const schemas = Object.entries(shape).map(([name, schema]) => ({ title: name, ...referring(schema) }));
  const least = Object.values(shape).findLastIndex((schema) => !schema.safeParse(null).success) + 1;
  return {
    type: "object",
    required: ["type", "target", "arguments"],
    properties: {
      type: { const: 1 },
      target: { const: target },
      arguments: { type: "array", prefixItems: schemas, items: false, minItems: least, maxItems: schemas.length },
    },
  };
}

/** Message type 3: the answer to an invocation. */
const completion = (result: z.ZodType): Schema => ({
  type: "object",
  required: ["type", "invocationId"],
  properties: {
    type: { const: 3 },
    invocationId: { type: "string" },
    result: referring(result),
    error: { type: "string" },
  },
});

function referring(schema: z.ZodType): Schema {
  const name = nameOf(schema);
  return name === null ? bare(schema) : { $ref: `#/components/schemas/${name}` };
}

/** Plain JSON Schema whose named parts are components of the document. */
function bare(schema: z.ZodType): Schema {
  const whole = Object.entries(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  const own = Object.fromEntries(whole.filter(([key]) => !["$schema", "$defs", "id"].includes(key)));
  return JSON.parse(JSON.stringify(own).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
