import type { StoredFix } from "./track-fix.ts";

/** What comes so long after its time was not seen live. */
const lateMs = 5 * 60_000;

export const cameLate = (fix: StoredFix): boolean => !fix.isLive && fix.receivedMs - fix.atMs > lateMs;
