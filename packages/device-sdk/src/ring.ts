import type { Ring } from "./store/device-store.ts";

/** Seven days at a fix every ten seconds; some 10 MB on a phone. */
const ringMaximum = 60_000;
const ringAgeMs = 7 * 24 * 3_600_000;

/** A track that was silent for longer starts anew. */
export const gapMs = 5 * 60_000;
/** How many fixes come between two looks at the age of the ring. */
export const trimEvery = 500;

export function ringAt(nowMs: number): Ring {
  return { maximum: ringMaximum, olderThanMs: nowMs - ringAgeMs };
}

export function isOverfull(queued: number): boolean {
  return queued > ringMaximum;
}
