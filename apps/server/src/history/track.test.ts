import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aDay, aFixAt, secondsOf, startMs, steps } from "./testing.ts";
import { createTrack, trackMarginMs, trackOf } from "./track.ts";
import type { StoredFix } from "./track-fix.ts";

const live = (seconds: number, north = 0) => aFixAt(seconds, north, { isLive: true });
const byTime = (fixes: StoredFix[]) => fixes.toSorted((a, b) => a.atMs - b.atMs);

describe("a track", () => {
  test("is made of samples where there are some", () => {
    const samples = steps(0, 60, 5).map((at) => aFixAt(at, at));
    const lives = steps(0, 60, 5).map((at) => live(at + 0.4, at));
    expect(trackOf(byTime([...samples, ...lives]))).toMatchObject(samples);
  });

  test("is made of live fixes where there are no samples: before, between and after", () => {
    const fixes = byTime([
      ...steps(0, 100, 10).map((at) => live(at)),
      ...steps(100, 150, 5).map((at) => aFixAt(at, 0)),
      ...steps(102, 150, 5).map((at) => live(at)),
      ...steps(150, 400, 10).map((at) => live(at)),
      ...steps(400, 450, 5).map((at) => aFixAt(at, 0)),
      ...steps(450, 500, 10).map((at) => live(at)),
    ]);
    const track = trackOf(fixes);
    expect(secondsOf(track.filter(({ isLive }) => isLive))).toEqual([
      ...steps(0, 80, 10),
      80,
      // Nearer than 15 s to a sample a live fix is the same fix, told twice.
      ...steps(170, 390, 10).filter((at) => at < 385),
      ...steps(470, 500, 10),
    ]);
    expect(track.filter(({ isLive }) => !isLive)).toHaveLength(20);
  });

  test("of live fixes alone is whole", () => {
    expect(secondsOf(trackOf(steps(0, 500, 5).map((at) => live(at))))).toEqual(steps(0, 500, 5));
  });

  test("marks a silence of more than five minutes", () => {
    const track = trackOf([0, 10, 310, 611, 620].map((at) => aFixAt(at, at)));
    expect(track.map(({ gapBefore }) => gapBefore)).toEqual([false, false, false, true, false]);
  });

  test("marks a fix that leaves it and comes back, and keeps it", () => {
    const fixes = steps(0, 60, 5).map((at) => aFixAt(at, at === 30 ? 5_000 : at * 10));
    const track = trackOf(fixes);
    expect(secondsOf(track.filter(({ outlier }) => outlier))).toEqual([30]);
    expect(track).toHaveLength(fixes.length);
  });

  test("marks three such in a row, the very first, and one known too roughly", () => {
    const wrong = [0, 30, 35, 40];
    const fixes = steps(0, 120, 5).map((at) => aFixAt(at, wrong.includes(at) ? 9_000 : at * 10));
    const rough = aFixAt(61, 600, { accuracyMeters: 1_500 });
    const track = trackOf(byTime([...fixes, rough]));
    expect(secondsOf(track.filter(({ outlier }) => outlier))).toEqual([...wrong, 61]);
  });

  test("believes a jump that does not come back: a van on a ferry, a phone that was off", () => {
    const fixes = [
      ...steps(0, 60, 5).map((at) => aFixAt(at, at)),
      ...steps(60, 120, 5).map((at) => aFixAt(at, 90_000)),
    ];
    expect(trackOf(fixes).some(({ outlier }) => outlier)).toBe(false);
  });

  test("does not call a rough fix an outlier that may well have been on the way", () => {
    const fixes = steps(0, 60, 5).map((at) => aFixAt(at, at === 30 ? 600 : 0, { accuracyMeters: at === 30 ? 400 : 5 }));
    expect(trackOf(fixes).some(({ outlier }) => outlier)).toBe(false);
  });

  test("is the same however it is cut into ranges", () => {
    const day = aDay(2);
    const mixed = byTime([
      ...day.filter(({ atMs }) => Math.floor((atMs - startMs) / 400_000) % 3 !== 1),
      ...day.filter((_, index) => index % 2 === 0).map((fix) => ({ ...fix, isLive: true, atMs: fix.atMs + 700 })),
      ...steps(0, 7_200, 613).map((at) => aFixAt(at + 1, 70_000)),
    ]);
    const whole = trackOf(mixed);
    const lastMs = startMs + 7_200_000;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 7_200_000 }), { maxLength: 8 }), (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), 7_200_000].map((at) => startMs + at);
        edges[edges.length - 1] = lastMs + 1;
        const parts = edges.slice(1).flatMap((toMs, index) => {
          const fromMs = edges[index] ?? 0;
          const track = createTrack({ fromMs, toMs });
          const read = mixed.filter(({ atMs }) => atMs >= fromMs - trackMarginMs && atMs < toMs + trackMarginMs);
          return [...read.flatMap((fix) => track.add(fix)), ...track.end()];
        });
        const told = ({ atMs, outlier }: { atMs: number; outlier: boolean }) => `${atMs} ${outlier}`;
        expect(parts.map(told)).toEqual(whole.map(told));
      }),
      { numRuns: 60 },
    );
  });
});
