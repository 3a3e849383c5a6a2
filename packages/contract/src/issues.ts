import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** One validation issue in words that a person can act on: `must be at most 90`. */
export function describeIssue(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return /received (undefined|null)$/.test(issue.message) ? "is missing" : `must be ${article(issue.expected)}`;
    case "too_small":
      if (issue.minimum === 1 && (issue.origin === "string" || issue.origin === "array")) return "must not be empty";
      return issue.origin === "string" || issue.origin === "array"
        ? `needs at least ${issue.minimum} ${unit(issue.origin)}`
        : `must be at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "string" || issue.origin === "array"
        ? `can have at most ${issue.maximum} ${unit(issue.origin)}`
        : `must be at most ${issue.maximum}`;
    case "unrecognized_keys":
      return `has unknown fields: ${issue.keys.join(", ")}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "invalid_format":
      return formats[issue.format] ?? (issue.message.startsWith("Invalid") ? "has the wrong form" : issue.message);
    default:
      return issue.message.startsWith("Invalid") ? "is not valid" : issue.message;
  }
}

const formats: Record<string, string> = {
  email: "must be an e-mail address",
  uuid: "must be a UUID",
  datetime: "must be a UTC time such as 2026-01-31T12:00:00Z",
};

function article(type: string): string {
  const words: Record<string, string> = { int: "a whole number", number: "a number", string: "text", array: "a list" };
  return words[type] ?? `of type ${type}`;
}

function unit(origin: string): string {
  return origin === "string" ? "characters" : "items";
}
