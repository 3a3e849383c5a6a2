import { ProblemError } from "./problem.ts";

/** The version that If-Match names (`"3"`, `3`, `W/"3"`); null for none or `*`. */
export function parseIfMatch(header: string | undefined): number | null {
  const value = header?.trim();
  if (value === undefined || value === "*") return null;
  const match = /^(?:(?:W\/)?"(\d{1,15})"|(\d{1,15}))$/.exec(value);
  const digits = match?.[1] ?? match?.[2];
  if (digits === undefined) {
    const words = 'must be the version from ETag, for example "3", or *';
    throw new ProblemError("invalid-request", `If-Match ${words}.`, { errors: { "If-Match": [words] } });
  }
  return Number(digits);
}
