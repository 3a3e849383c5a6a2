type Schema = {
  $ref?: string;
  type?: string | string[];
  examples?: unknown[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  minimum?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
};

type OpenApi = {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId?: string;
        requestBody?: { content: Record<string, { schema?: Schema }> };
        parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
      }
    >
  >;
  components: { schemas: Record<string, Schema> };
};

/** What the server's own document says an operation takes, as a request that passes its checks. */
export type ValidRequest = { body?: unknown; query: string };

/** A request for each operation, made of the examples in the server's OpenAPI document. */
export function validRequests(document: OpenApi): Map<string, ValidRequest> {
  const requests = new Map<string, ValidRequest>();
  for (const methods of Object.values(document.paths)) {
    for (const { operationId, requestBody, parameters = [] } of Object.values(methods)) {
      if (operationId === undefined) continue;
      const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
      const query = new URLSearchParams();
      for (const each of parameters) {
        if (each.in === "query" && each.required === true) query.set(each.name, String(valueOf(each.schema, document)));
      }
      requests.set(operationId, {
        ...(schema === undefined ? {} : { body: valueOf(schema, document) }),
        query: query.size === 0 ? "" : `?${query.toString()}`,
      });
    }
  }
  return requests;
}

function valueOf(schema: Schema, document: OpenApi): unknown {
  if (schema.$ref !== undefined) {
    return valueOf(document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {}, document);
  }
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return valueOf(choice, document);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "object": {
      const { properties = {}, required = [] } = schema;
      // A body whose fields may all be left out is one that changes something: it needs one of them.
      const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1);
      return Object.fromEntries(names.map((name) => [name, valueOf(properties[name] ?? {}, document)]));
    }
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => valueOf(schema.items ?? {}, document));
    case "number":
    case "integer":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    default:
      return "text";
  }
}
