import type { TrackSums } from "./formats/json.ts";
import type { TrackFix } from "./track-fix.ts";

/** Hands a track on and keeps count of it. */
export function summed(pages: AsyncIterable<readonly TrackFix[]>) {
  const gaps: { fromMs: number; toMs: number }[] = [];
  let total = 0;
  let lastMs = 0;
  let clockSkewMs: number | null = null;

  function count(fix: TrackFix): void {
    total += 1;
    if (fix.gapBefore) gaps.push({ fromMs: lastMs, toMs: fix.atMs });
    lastMs = fix.atMs;
    if (!fix.isLive) clockSkewMs = Math.min(clockSkewMs ?? Number.POSITIVE_INFINITY, fix.receivedMs - fix.atMs);
  }

  async function* counted(): AsyncGenerator<readonly TrackFix[]> {
    for await (const page of pages) {
      for (const fix of page) count(fix);
      yield page;
    }
  }

  return { pages: counted(), sums: (): TrackSums => ({ total, gaps, clockSkewMs }) };
}
