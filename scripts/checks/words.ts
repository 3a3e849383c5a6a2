import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filesUnder, isTest } from "../lib/files.ts";
import type { Gate } from "./gate.ts";

type Rule = { says: string; pattern: RegExp; in?: (path: string) => boolean };

const rules: readonly Rule[] = [
  { says: "reaches for a folder outside the project", pattern: /\.\.\/shared\b/ },
  {
    says: "names a path of one machine",
    pattern: /(?:^|[\s"'`(=:,])(?:\/(?:work|root|home\/[\w.-]+|Users\/[\w.-]+)\/\w|[A-Z]:\\Users\\)/,
  },
  {
    says: "leaves a test out: a test runs, or goes; what a machine lacks is told with context.skip(reason)",
    pattern:
      /\b(?:test|it|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|skipIf|runIf|fails)\b|\bx(?:it|test|describe)\(/,
    in: isTest,
  },
  {
    says: "leaves a test out without a reason",
    pattern: /\b(?:context|ctx|task)\.skip\(\s*\)/,
    in: isTest,
  },
  { says: "silences the compiler", pattern: /@ts-(?:ignore|nocheck)\b/ },
  { says: "silences the compiler without a reason", pattern: /@ts-expect-error\s*(?:\*\/|$)/ },
  {
    says: "silences the linter without a reason (rule -- reason)",
    pattern: /\b(?:oxlint|eslint)-disable(?:-next-line|-line)?\b(?!.*\s--\s+\S)/,
  },
  {
    says: "silences the formatter without a reason (biome-ignore rule: reason)",
    pattern: /\bbiome-ignore(?:-\w+)?\b(?!.*:\s*\w)/,
  },
  { says: "holds a private key", pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ },
  {
    says: "holds what looks like a secret",
    pattern:
      /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|npm_[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{20,}|sk_live_[A-Za-z0-9]{16,})|\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{16,}/,
  },
];

const text =
  /\.(?:[cm]?[jt]sx?|json|jsonc|md|css|html|ya?ml|sh|sql|txt|svg|webmanifest)$|(?:^|\/)[^./]+$|(?:^|\/)\.[\w]+$/;

/** No line that ties the project to one machine, quiets a check without a reason, drops a test, or gives away a secret. */
export const words: Gate = async (root) => {
  const files = (await filesUnder(root)).filter((path) => text.test(path) && path !== "package-lock.json");
  if (files.length === 0) return [{ at: "", says: "read 0 files: nothing was checked" }];
  const findings = await Promise.all(
    files.map(async (path) => {
      const applicable = rules.filter((rule) => rule.in?.(path) ?? true);
      const lines = (await readFile(join(root, path), "utf8")).split("\n");
      return lines.flatMap((line, index) =>
        applicable
          .filter(({ pattern }) => pattern.test(line))
          .map(({ says }) => ({ at: `${path}:${index + 1}`, says: `${says}: ${line.trim().slice(0, 120)}` })),
      );
    }),
  );
  return findings.flat();
};
