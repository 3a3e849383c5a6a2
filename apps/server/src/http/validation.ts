import { describeIssue } from "@dsp-fleet/contract";
import type { FastifySchemaCompiler } from "fastify";
import { z } from "zod";
import { ProblemError } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** Checks params, query and body by the contract's schemas; what does not fit comes back as a ProblemError. */
export const validatorCompiler: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (!(schema instanceof z.ZodType)) throw new TypeError(`the schema of ${httpPart ?? "a request"} is not zod's`);
  return (data) => {
    const parsed = schema.safeParse(data);
    if (httpPart === "params")
      return parsed.success && isCanonical(data, parsed.data) ? { value: parsed.data } : noSuchThing();
    return parsed.success ? { value: parsed.data } : { error: invalidRequest(parsed.error.issues, httpPart ?? "body") };
  };
};

/** An id in a path that cannot be one is answered as one that is not there. */
const noSuchThing = (): { error: ProblemError } => ({ error: new ProblemError("not-found", unknownId) });

export const unknownId = "There is no such thing in this account.";

/** `1e0` and `0x1` are numbers to the parser, yet nobody's address of thing 1. */
function isCanonical(raw: unknown, parsed: unknown): boolean {
  const values = new Map(Object.entries(raw ?? {}));
  return Object.entries(parsed ?? {}).every(
    ([name, value]) => typeof value !== "number" || values.get(name) === String(value),
  );
}

function invalidRequest(issues: readonly Issue[], part: string): ProblemError {
  const errors: Record<string, string[]> = Object.create(null);
  for (const [field, words] of issues.flatMap((issue) => wordsOf(issue, part))) (errors[field] ??= []).push(words);
  const sentences = Object.entries(errors).map(([field, words]) => `${field} ${words.join(" and ")}`);
  return new ProblemError("invalid-request", `${sentences.join("; ")}.`, { errors: { ...errors } });
}

function wordsOf(issue: Issue, part: string): [string, string][] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => [[...path, key].join("."), "is not a known field"]);
  }
  return [[path.length === 0 ? part : path.join("."), describeIssue(issue)]];
}
