import { createHash } from "node:crypto";
import { ProblemError } from "./problem.ts";

/** What makes one request out of two: the caller's key, and a digest of what was asked. */
export type IdempotencyKey = { readonly key: string; readonly fingerprint: string };

/** Visible ASCII, as much as any client's UUID or hash needs. */
const form = /^[\x21-\x7e]{1,200}$/;

/** The Idempotency-Key of a request to this operation; null when there is none. `body` is as it was parsed. */
export function parseIdempotencyKey(
  header: string | string[] | undefined,
  operationId: string,
  body: unknown,
): IdempotencyKey | null {
  if (header === undefined) return null;
  if (typeof header !== "string" || !form.test(header)) {
    const words = "must be 1 to 200 visible characters, for example a UUID";
    throw new ProblemError("invalid-request", `Idempotency-Key ${words}.`, { errors: { "Idempotency-Key": [words] } });
  }
  // Parsed bodies have their fields in the order of the contract, so equal ones have equal texts.
  const fingerprint = createHash("sha256")
    .update(`${operationId}\n${JSON.stringify(body)}`)
    .digest("base64url");
  return { key: header, fingerprint };
}
