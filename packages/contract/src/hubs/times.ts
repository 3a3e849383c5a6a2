import { z } from "zod";
import type { Hub, Shape } from "./hub.ts";

/** Gives the value with its times in another form and leaves it as it was. null: there is nothing to look for. */
export type TimesReplaced<T = unknown> = ((value: T) => T) | null;

type Replacement = { readonly time: (value: unknown) => unknown; readonly unknown: TimesReplaced };

/** A Date instead of the text where the schema says `time`: what MessagePack has a type for. */
export const timesAsDates = (schema: z.ZodType): TimesReplaced =>
  replacing(schema, { time: (value) => (typeof value === "string" ? new Date(value) : value), unknown: null });

/** The text instead of a Date where the schema says `time`, and instead of every Date in what it leaves open. */
export const datesAsTimes = (schema: z.ZodType): TimesReplaced =>
  replacing(schema, {
    time: (value) => (value instanceof Date ? value.toISOString() : value),
    unknown: anyDateAsTime,
  });

/** The same for arguments by position. */
export function inArguments(
  shape: Shape,
  replaced: (schema: z.ZodType) => TimesReplaced,
): TimesReplaced<readonly unknown[]> {
  const each = Object.values(shape).map(replaced);
  if (each.every((one) => one === null)) return null;
  return (args) => args.map((value, index) => (each[index] == null ? value : each[index](value)));
}

/** For each event of the hub, how its arguments come to have Dates. */
export function eventsWithDates(hub: Hub): Record<string, TimesReplaced<readonly unknown[]>> {
  const events = Object.entries(hub.events);
  return Object.fromEntries(events.map(([name, { args }]) => [name, inArguments(args, timesAsDates)]));
}

/** Reads the schema once, so that later only the places are looked at where times are. */
function replacing(schema: z.ZodType, by: Replacement): TimesReplaced {
  if (schema instanceof z.ZodISODateTime) return by.time;
  if (schema instanceof z.ZodUnknown) return by.unknown;
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return unlessNull(inner(schema.unwrap(), by));
  if (schema instanceof z.ZodArray) return inList(inner(schema.element, by));
  if (schema instanceof z.ZodObject) return inMembers(schema, by);
  if (schema instanceof z.ZodUnion && schema.options.every((option) => inner(option, by) === null)) return null;
  if (timeless.has(schema.def.type)) return null;
  // A kind that nobody has thought of must not send its times as text to some and as times to others.
  throw new Error(`Nobody has said where the times are in a schema of type ${schema.def.type}.`);
}

const timeless: ReadonlySet<string> = new Set(["string", "number", "int", "boolean", "enum", "literal", "null"]);

const inner = (schema: unknown, by: Replacement): TimesReplaced =>
  schema instanceof z.ZodType ? replacing(schema, by) : null;

const unlessNull = (replace: TimesReplaced): TimesReplaced =>
  replace === null ? null : (value) => (value === null || value === undefined ? value : replace(value));

const inList = (replace: TimesReplaced): TimesReplaced =>
  replace === null ? null : (value) => (Array.isArray(value) ? value.map((item: unknown) => replace(item)) : value);

function inMembers(schema: z.ZodObject, by: Replacement): TimesReplaced {
  const members: [string, (value: unknown) => unknown][] = [];
  for (const [name, member] of Object.entries(schema.shape)) {
    const replace = inner(member, by);
    if (replace !== null) members.push([name, replace]);
  }
  if (members.length === 0) return null;
  return (value) => {
    if (!isMap(value)) return value;
    const copy = { ...value };
    for (const [name, replace] of members) if (Object.hasOwn(copy, name)) copy[name] = replace(copy[name]);
    return copy;
  };
}

/** JSON has no Dates, so what it brought is looked through and not copied. */
const anyDateAsTime = (value: unknown): unknown => (holdsDate(value) ? everyDateAsTime(value) : value);

function holdsDate(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Date) return true;
  if (Array.isArray(value)) return value.some(holdsDate);
  return isMap(value) && Object.values(value).some(holdsDate);
}

function everyDateAsTime(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(everyDateAsTime);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, everyDateAsTime(member)]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
