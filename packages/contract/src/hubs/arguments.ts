import { z } from "zod";
import { describeIssue } from "../issues.ts";
import type { Named, NamedInput, Shape } from "./hub.ts";
import { datesAsTimes, inArguments } from "./times.ts";

export type Binding<S extends Shape> = { ok: true; values: Named<S> } | { ok: false; reason: string };

export type Binder<S extends Shape> = {
  readonly minimum: number;
  readonly maximum: number;
  bind(args: readonly unknown[]): Binding<S>;
};

/** Positional arguments → named and checked; a Date, which MessagePack may bring, is the time that it is. Trailing arguments that may be null may be left out. */
export function argumentBinder<S extends Shape>(shape: S): Binder<S> {
  const names = Object.keys(shape);
  const maximum = names.length;
  const minimum = Object.values(shape).findLastIndex((schema) => !schema.safeParse(null).success) + 1;
  const takes = minimum === maximum ? `${maximum}` : `${minimum} to ${maximum}`;
  const whole = z.object(shape);
  const asTimes = inArguments(shape, datesAsTimes);

  return {
    minimum,
    maximum,
    bind(args) {
      if (args.length < minimum || args.length > maximum) {
        return { ok: false, reason: `takes ${takes} arguments, got ${args.length}` };
      }
      const named: Record<string, unknown> = {};
      const given = asTimes === null ? args : asTimes(args);
      for (let index = 0; index < maximum; index += 1) named[names[index] ?? ""] = given[index] ?? null;
      const parsed = whole.safeParse(named);
      if (parsed.success) return { ok: true, values: parsed.data as Named<S> };
      return { ok: false, reason: reasonOf(parsed.error) };
    },
  };
}

/** What is wrong with the first argument that is not good. */
function reasonOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? "is not valid" : `${String(issue.path[0])} ${describeIssue(issue)}`;
}

/** Named → positional, in the order of the contract; what is left out goes as null. */
export function toPositional<S extends Shape>(shape: S, values: Named<S> | NamedInput<S>): unknown[] {
  const named = values as Record<string, unknown>;
  return Object.keys(shape).map((name) => named[name] ?? null);
}

/** Positional event arguments → named, unchecked: the server's own words. */
export function toNamed<S extends Shape>(shape: S, args: readonly unknown[]): Named<S> {
  return Object.fromEntries(Object.keys(shape).map((name, index) => [name, args[index] ?? null])) as Named<S>;
}
