import { ProblemError } from "../http/problem.ts";
import type { TokenBuckets } from "./token-buckets.ts";

/** Counts a call; too many are refused with the seconds to wait. */
export function takeFrom(bucket: TokenBuckets, key: number): void {
  const retryAfterSeconds = bucket.take(key);
  if (retryAfterSeconds > 0) {
    throw new ProblemError("rate-limited", `Too many calls; try again in ${retryAfterSeconds} s.`, {
      retryAfterSeconds,
    });
  }
}
