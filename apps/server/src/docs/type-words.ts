import { z } from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

export type NamedShape = { readonly name: string; readonly schema: z.ZodType };

/** A schema in plain words: `number (−90 to 90)`, `string (1–64 characters) | null`, `list of Device`. */
export const typeWords = (schema: z.ZodType): string => words(jsonOf(schema));

/** The fields of an object schema; none for anything else. */
export function shapeFields(schema: z.ZodType): readonly { name: string; schema: z.ZodType; optional: boolean }[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, field]) =>
    field instanceof z.ZodType ? [{ name, schema: field, optional: field.safeParse(undefined).success }] : [],
  );
}

/** The name that a schema goes by in the documents; null when it has none. */
export const nameOf = (schema: z.ZodType): string | null => z.globalRegistry.get(schema)?.id ?? null;

/** Type words, cut so that the names of shapes stand alone. */
export function typeParts(schema: z.ZodType): readonly { readonly text: string; readonly isShape: boolean }[] {
  return typeWords(schema)
    .split(/\b([A-Z]\w+)\b/)
    .filter((text) => text !== "")
    .map((text) => ({ text, isShape: shapeNamed(text) !== null }));
}

/** Every named shape that these lead to, in the order of first sight. */
export function namedShapes(
  schemas: readonly z.ZodType[],
  seen: ReadonlySet<string> = new Set(),
): readonly NamedShape[] {
  const found = new Map<string, NamedShape>();
  for (const schema of schemas) {
    for (const { text, isShape } of typeParts(schema)) {
      const shape = isShape && !seen.has(text) && !found.has(text) ? shapeNamed(text) : null;
      if (shape === null) continue;
      found.set(text, { name: text, schema: shape });
      const fields = shapeFields(shape).map((field) => field.schema);
      for (const inner of namedShapes(fields, new Set([...seen, ...found.keys()]))) found.set(inner.name, inner);
    }
  }
  return [...found.values()];
}

function shapeNamed(name: string): z.ZodType | null {
  const schema = z.globalRegistry._idmap.get(name);
  return schema instanceof z.ZodType ? schema : null;
}

const jsonOf = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });

function words(schema: JsonSchema | boolean): string {
  if (typeof schema === "boolean") return "any value";
  if (schema.title !== undefined) return schema.title;
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "object";
  if (typeof schema.id === "string") return schema.id;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.map(words).join(" | ");
  switch (schema.type) {
    case "integer":
      return `integer${range(schema)}`;
    case "number":
      return `number${range(schema)}`;
    case "string":
      return schema.format === "date-time"
        ? "time (UTC, ISO-8601)"
        : `string${length(schema.minLength, schema.maxLength, "characters")}`;
    case "array":
      return `list of ${typeof schema.items === "object" && !Array.isArray(schema.items) ? words(schema.items) : "any value"}${length(schema.minItems, schema.maxItems, "")}`;
    case "object":
      return `{ ${Object.entries(schema.properties ?? {})
        .map(([name, field]) => `${name}: ${words(field)}`)
        .join(", ")} }`;
    case "boolean":
    case "null":
      return schema.type;
    default:
      return "any value";
  }
}

function range({ minimum, maximum }: JsonSchema): string {
  const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? null : signed(minimum);
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? null : signed(maximum);
  if (from !== null && to !== null) return ` (${from} to ${to})`;
  if (from !== null) return ` (${from} or more)`;
  return to === null ? "" : ` (${to} or less)`;
}

function length(from: number | undefined, to: number | undefined, unit: string): string {
  if (from === undefined && to === undefined) return "";
  const count =
    to === undefined ? `${from} or more` : from === undefined ? `up to ${to}` : from === to ? `${to}` : `${from}–${to}`;
  return ` (${`${count} ${unit}`.trim()})`;
}

const signed = (value: number): string => String(value).replace("-", "−");
