import { describe, expect, test } from "vitest";
import { lonOnEarth } from "./distance.ts";
import { createMoves } from "./moves.ts";
import { aDay, aFixAt, seeded, startMs, steps } from "./testing.ts";
import { trackOf } from "./track.ts";
import type { StoredFix } from "./track-fix.ts";

function movesOf(fixes: readonly StoredFix[]) {
  const moves = createMoves();
  for (const fix of trackOf(fixes)) moves.add(fix);
  return moves.end();
}

const second = (ms: number) => (ms - startMs) / 1_000;

/** Stands until `leave`, drives at 10 m/s, stands again from `arrive`. */
const aDelivery = (leave: number, arrive: number, end: number, of: Partial<StoredFix> = {}) => {
  const random = seeded(3);
  return steps(0, end, 5).map((at) => {
    const north = Math.min(Math.max(0, at - leave), arrive - leave) * 10;
    return aFixAt(at, north + (random() - 0.5) * 10, of);
  });
};

describe("stops and trips", () => {
  test("are where a van stood for three minutes, and the way between", () => {
    const { stops, trips } = movesOf(aDelivery(600, 1_200, 1_800));
    expect(stops).toHaveLength(2);
    const [first, last] = stops;
    expect(second(first?.startMs ?? 0)).toBe(0);
    expect(Math.abs(second(first?.endMs ?? 0) - 600)).toBeLessThanOrEqual(10);
    expect(Math.abs(second(last?.startMs ?? 0) - 1_200)).toBeLessThanOrEqual(10);
    expect(second(last?.endMs ?? 0)).toBe(1_795);
    expect(trips).toHaveLength(1);
    expect(trips[0]).toMatchObject({ startMs: first?.endMs, endMs: last?.startMs, gapMs: 0, addedLate: false });
    expect(trips[0]?.distanceMeters).toBeGreaterThan(5_850);
    expect(trips[0]?.distanceMeters).toBeLessThan(6_150);
    expect(trips[0]?.maxSpeedMps).toBeGreaterThan(9);
    expect(trips[0]?.maxSpeedMps).toBeLessThan(14);
  });

  test("leave red lights and slow streets to the trip", () => {
    // Two minutes at a light, then 3 m/s for ten minutes.
    const fixes = steps(0, 1_800, 5).map((at) => {
      const north =
        at < 300 ? 0 : at < 600 ? (at - 300) * 10 : at < 720 ? 3_000 : at < 1_320 ? 3_000 + (at - 720) * 3 : 4_800;
      return aFixAt(at, north);
    });
    const { stops, trips } = movesOf(fixes);
    expect(stops.map(({ startMs: at }) => Math.round(second(at) / 60))).toEqual([0, 22]);
    expect(trips).toHaveLength(1);
  });

  test("take the speed that the phone measured, but never one that is impossible", () => {
    const fixes = aDelivery(600, 1_200, 1_800).map((fix, index) => ({
      ...fix,
      speedMps: index === 150 ? 11.5 : index === 160 ? 400 : 2,
    }));
    expect(movesOf(fixes).trips[0]?.maxSpeedMps).toBe(11.5);
  });

  test("are not torn by a receiver that strays for two fixes, nor by outliers", () => {
    const fixes = steps(0, 1_200, 5).map((at) => aFixAt(at, [500, 505].includes(at) ? 90 : at === 800 ? 9_000 : 0));
    const { stops, trips } = movesOf(fixes);
    expect(stops).toHaveLength(1);
    expect(trips).toHaveLength(0);
  });

  test("bridge a silence in one place, for the van stood there", () => {
    const fixes = [...steps(0, 300, 5), ...steps(4_000, 4_300, 5)].map((at) => aFixAt(at, 0));
    const { stops } = movesOf(fixes);
    expect(stops).toHaveLength(1);
    expect(second(stops[0]?.endMs ?? 0)).toBe(4_295);
  });

  test("tell how much of a trip is a gap, and part what lies half an hour apart", () => {
    const drive = aDelivery(300, 1_500, 1_800);
    const short = movesOf(drive.filter(({ atMs }) => second(atMs) < 600 || second(atMs) > 1_000));
    expect(short.trips).toMatchObject([{ gapMs: 410_000 }]);
    const long = [
      ...steps(0, 600, 5).map((at) => aFixAt(at, at * 10)),
      ...steps(3_000, 3_600, 5).map((at) => aFixAt(at, at * 10)),
    ];
    expect(movesOf(long).trips).toHaveLength(2);
  });

  test("say when a part of them came late", () => {
    const late = aDelivery(600, 1_200, 1_800).map((fix) =>
      second(fix.atMs) === 900 ? { ...fix, receivedMs: fix.atMs + 301_000 } : fix,
    );
    const { stops, trips } = movesOf(late);
    expect(trips.map(({ addedLate }) => addedLate)).toEqual([true]);
    expect(stops.map(({ addedLate }) => addedLate)).toEqual([false, false]);
  });

  test("of half a day heal when the other half comes: they are those of the whole", () => {
    const day = aDay(8);
    const half = day.filter(({ atMs }) => second(atMs) < 7_200 || second(atMs) > 21_600);
    expect(movesOf(half)).not.toEqual(movesOf(day));
    expect(movesOf([...half, ...day.filter((fix) => !half.includes(fix))].toSorted((a, b) => a.atMs - b.atMs))).toEqual(
      movesOf(day),
    );
  });

  test("follow one another without an overlap, over a whole day", () => {
    const { stops, trips } = movesOf(aDay());
    expect(stops.length).toBeGreaterThan(40);
    expect(trips.length).toBeGreaterThan(stops.length - 4);
    const all = [...stops, ...trips].toSorted((a, b) => a.startMs - b.startMs);
    for (const [index, move] of all.entries()) expect(move.startMs).toBeGreaterThanOrEqual(all[index - 1]?.endMs ?? 0);
  });

  test("are the same on both sides of the date line", () => {
    const day = aDay(8);
    // To the east instead of to the north, at the equator, from just west of the line.
    const eastAt = (lon: number) =>
      movesOf(day.map((fix) => ({ ...fix, lat: 0, lon: lonOnEarth(lon + (fix.lat - 52)) })));
    const told = ({ stops, trips }: ReturnType<typeof movesOf>) => [
      stops.map(({ startMs: from, endMs, lon }) => [from, endMs, Math.sign(lon)]),
      trips.map(({ startMs: from, endMs, distanceMeters }) => [from, endMs, Math.round(distanceMeters)]),
    ];
    const [here, there] = [eastAt(10), eastAt(179.8)];
    expect(there.trips.some(({ from, to }) => from.lon > 0 && to.lon < 0)).toBe(true);
    expect(there.stops.every(({ lon }) => lon >= -180 && lon <= 180)).toBe(true);
    expect(told(there)[1]).toEqual(told(here)[1]);
    expect(there.stops.map(({ startMs: from }) => from)).toEqual(here.stops.map(({ startMs: from }) => from));
  });

  test("of no fix are none", () => {
    expect(movesOf([])).toEqual({ stops: [], trips: [], lastMs: null });
  });
});
