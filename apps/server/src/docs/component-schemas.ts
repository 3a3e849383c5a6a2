type Json = string | number | boolean | null | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

const prefix = "#/components/schemas/";
const reference = /"#\/components\/schemas\/([\w.-]+)"/g;

/**
 * Each named schema comes twice, as it is sent (`XInput`) and as it is answered (`X`). Keeps what is referred to, and
 * one name where both say the same or only one is in use. Patterns and bounds that say nothing to a reader are left out.
 */
export function tidySchemas<D extends object>(document: D): D {
  const plain: JsonObject = JSON.parse(JSON.stringify(document), withoutNoise);
  const schemas = mapValues(objectAt(plain, "components", "schemas"), (schema, name) =>
    name.endsWith("Input") ? schema : open(schema),
  );
  const paths = mapValues(objectAt(plain, "paths"), openResponses);
  const used = reachable(paths, schemas);
  const names = new Map([...used].map((name) => [name, shortName(name, used, schemas)]));
  const kept = Object.fromEntries([...used].toSorted().map((name) => [names.get(name) ?? name, schemas[name] ?? {}]));
  const whole = { ...plain, paths, components: { ...objectAt(plain, "components"), schemas: kept } };
  return JSON.parse(
    JSON.stringify(whole).replaceAll(reference, (_, name: string) => `"${prefix}${names.get(name) ?? name}"`),
  );
}

function shortName(name: string, used: ReadonlySet<string>, schemas: JsonObject): string {
  if (!name.endsWith("Input")) return name;
  const short = name.slice(0, -"Input".length);
  return !used.has(short) || JSON.stringify(schemas[name]).replaceAll(/Input"/g, '"') === JSON.stringify(schemas[short])
    ? short
    : name;
}

/** The names of all schemas that the paths lead to, through other schemas too. */
function reachable(paths: JsonObject, schemas: JsonObject): Set<string> {
  const found = new Set<string>();
  const waiting: Json[] = [paths];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [, name = ""] of JSON.stringify(next).matchAll(reference)) {
      if (found.has(name)) continue;
      found.add(name);
      waiting.push(schemas[name] ?? null);
    }
  }
  return found;
}

/** A time's format says it all, and so does a whole number without bounds of its own. */
function withoutNoise(_key: string, value: Json): Json {
  if (!isObject(value)) return value;
  const { pattern, minimum, maximum, ...rest } = value;
  return {
    ...rest,
    ...(pattern === undefined || rest["format"] !== undefined ? {} : { pattern }),
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
  };
}

function openResponses(path: Json): Json {
  return mapValues(isObject(path) ? path : {}, (operation) =>
    isObject(operation) && operation["responses"] !== undefined
      ? { ...operation, responses: open(operation["responses"]) }
      : operation,
  );
}

/** What is answered may grow: a client must not refuse a field that it does not know. */
const open = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === "additionalProperties" && value === false ? undefined : value,
  );

function mapValues(object: JsonObject, change: (value: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

function objectAt(value: Json, ...path: readonly string[]): JsonObject {
  let here: Json = value;
  for (const key of path) here = isObject(here) ? (here[key] ?? null) : null;
  return isObject(here) ? here : {};
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
