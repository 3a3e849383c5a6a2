import { markOutliers } from "./outliers.ts";
import type { Stage, StoredFix, TrackFix } from "./track-fix.ts";

/** A silence that is longer than this is a gap. A phone that drives tells of itself every few seconds. */
export const gapMs = 5 * 60_000;
/** Between samples that are no further apart, no live fix is needed. */
const coverMs = 60_000;
/** A live fix this close to a sample is the same fix, told twice. */
const nearMs = 15_000;
/** What lies this far outside of a range can still change what is in it. */
export const trackMarginMs = 60_000;

/**
 * Stored fixes, in the order of time → the track: samples where there are some, live fixes where there are none.
 * Between fixes given and fixes handed on lie at most those of a minute.
 */
export function createTrack(range: { fromMs: number; toMs: number }): Stage<StoredFix, TrackFix> {
  const chosen = chooseFixes();
  const marked = markOutliers();
  let lastMs: number | null = null;

  function inRange(fixes: readonly (StoredFix & { outlier: boolean })[]): TrackFix[] {
    const inside: TrackFix[] = [];
    for (const fix of fixes) {
      if (fix.atMs < range.fromMs || fix.atMs >= range.toMs) continue;
      inside.push({ ...fix, gapBefore: lastMs !== null && fix.atMs - lastMs > gapMs });
      lastMs = fix.atMs;
    }
    return inside;
  }

  return {
    add: (fix) => inRange(chosen.add(fix).flatMap((one) => marked.add(one))),
    end: () => inRange([...chosen.end().flatMap((one) => marked.add(one)), ...marked.end()]),
  };
}

/** The whole track of fixes that are at hand. */
export function trackOf(fixes: Iterable<StoredFix>): TrackFix[] {
  const track = createTrack({ fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY });
  return [...[...fixes].flatMap((fix) => track.add(fix)), ...track.end()];
}

function chooseFixes(): Stage<StoredFix, StoredFix> {
  let lastSampleMs = Number.NEGATIVE_INFINITY;
  /** Live fixes that a sample to come may still make needless. */
  let waiting: StoredFix[] = [];

  function release(beforeMs: number): StoredFix[] {
    const until = waiting.findIndex((fix) => fix.atMs >= beforeMs);
    return waiting.splice(0, until === -1 ? waiting.length : until);
  }

  return {
    add(fix) {
      if (!fix.isLive) {
        const known = fix.atMs - lastSampleMs <= coverMs ? [] : release(fix.atMs - nearMs);
        waiting = [];
        lastSampleMs = fix.atMs;
        return [...known, fix];
      }
      if (fix.atMs - lastSampleMs <= nearMs) return [];
      waiting.push(fix);
      return fix.atMs - lastSampleMs <= coverMs ? [] : release(fix.atMs - nearMs);
    },
    end: () => release(Number.POSITIVE_INFINITY),
  };
}
