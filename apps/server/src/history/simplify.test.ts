import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distanceMeters } from "./distance.ts";
import { createSimplifier } from "./simplify.ts";
import { aDay, aFixAt, secondsOf, startMs, steps } from "./testing.ts";
import { trackOf } from "./track.ts";
import type { TrackFix } from "./track-fix.ts";

function simplified(fixes: readonly TrackFix[], maxPoints: number): readonly TrackFix[] {
  const simplifier = createSimplifier(maxPoints);
  for (const fix of fixes) simplifier.add(fix);
  return simplifier.end();
}

/** The farthest that any fix lies from where the simplified track was at its time. */
function worstMeters(fixes: readonly TrackFix[], kept: readonly TrackFix[]): number {
  let worst = 0;
  let at = 0;
  for (const fix of fixes) {
    while ((kept[at + 1]?.atMs ?? Number.POSITIVE_INFINITY) < fix.atMs) at += 1;
    const [a, b] = [kept[at], kept[at + 1]];
    if (a === undefined || b === undefined) continue;
    const part = (fix.atMs - a.atMs) / (b.atMs - a.atMs);
    const there = { lat: a.lat + (b.lat - a.lat) * part, lon: a.lon + (b.lon - a.lon) * part };
    worst = Math.max(worst, distanceMeters(there, fix));
  }
  return worst;
}

describe("a simplified track", () => {
  test("has a straight and even way's two ends", () => {
    const track = trackOf(steps(0, 300, 5).map((at) => aFixAt(at, at * 10)));
    expect(secondsOf(simplified(track, 2))).toEqual([0, 295]);
  });

  test("keeps where a van came to stand and when it left", () => {
    const track = trackOf(
      steps(0, 1_800, 5).map((at) => aFixAt(at, at < 600 ? at * 10 : at < 1_200 ? 6_000 : 6_000 + (at - 1_200) * 10)),
    );
    expect(secondsOf(simplified(track, 4))).toEqual([0, 600, 1_200, 1_795]);
  });

  test("keeps both edges of a gap", () => {
    const track = trackOf([...steps(0, 300, 5), ...steps(900, 1_200, 5)].map((at) => aFixAt(at, at * 10)));
    const kept = simplified(track, 4);
    expect(secondsOf(kept)).toEqual([0, 295, 900, 1_195]);
    expect(kept.map(({ gapBefore }) => gapBefore)).toEqual([false, false, true, false]);
  });

  test("draws no line over a gap even when an edge had to go", () => {
    const track = trackOf(steps(0, 4_000, 400).map((at) => aFixAt(at, at)));
    const kept = simplified(track, 3);
    expect(kept).toHaveLength(3);
    expect(kept.slice(1).every(({ gapBefore }) => gapBefore)).toBe(true);
  });

  test("gives up outliers first", () => {
    const track = trackOf(steps(0, 300, 5).map((at) => aFixAt(at, at % 50 === 25 ? 9_000 : at * 10)));
    expect(track.filter(({ outlier }) => outlier)).toHaveLength(6);
    expect(simplified(track, 10).some(({ outlier }) => outlier)).toBe(false);
  });

  test("of a day in 500 points is never far from the day", () => {
    const track = trackOf(aDay());
    const kept = simplified(track, 500);
    expect(kept).toHaveLength(500);
    expect(worstMeters(track, kept)).toBeLessThan(40);
  });

  test("of a month is weighed a part at a time and still near", () => {
    const track = trackOf(aDay(24 * 4));
    const kept = simplified(track, 4_000);
    expect(kept).toHaveLength(4_000);
    expect(worstMeters(track, kept)).toBeLessThan(40);
  });

  test("has at most as many points as asked, in order, first and last among them, all of them of the track", () => {
    const tracks = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: -400, max: 400 })), { maxLength: 60 })
      .map((parts) => {
        let at = 0;
        return trackOf(parts.map(([wait, north]) => aFixAt((at += wait), north)));
      });
    fc.assert(
      fc.property(tracks, fc.integer({ min: 2, max: 70 }), (track, maxPoints) => {
        const kept = simplified(track, maxPoints);
        expect(kept).toHaveLength(Math.min(track.length, maxPoints));
        expect(kept.at(0)?.atMs).toBe(track.at(0)?.atMs);
        expect(kept.at(-1)?.atMs).toBe(track.at(-1)?.atMs);
        const times = new Map(track.map((fix, index) => [fix.atMs, index]));
        const places = kept.map(({ atMs }) => times.get(atMs) ?? -1);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(places).not.toContain(-1);
        // No two points are joined over a gap.
        for (const [index, fix] of kept.entries()) {
          const between = track.slice((places[index - 1] ?? 0) + 1, (places[index] ?? 0) + 1);
          if (index > 0) expect(fix.gapBefore).toBe(between.some(({ gapBefore }) => gapBefore));
        }
      }),
    );
    expect(simplified([], 2)).toEqual([]);
    expect(secondsOf(simplified(trackOf([aFixAt(1, 1)]), 2))).toEqual([(startMs + 1_000 - startMs) / 1_000]);
  });
});
