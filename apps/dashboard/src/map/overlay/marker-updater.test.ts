import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aDevice, after, anUpdate, nine } from "../../live/a-device.ts";
import { createDeviceTable } from "../../live/device-table.ts";
import type { LonLat } from "./ease.ts";
import type { VanMarker } from "./marker.ts";
import { createMarkerUpdater } from "./marker-updater.ts";
import { placeAt } from "./projection.ts";

/** Metres to the north of where the vans begin, as latitude. */
const north = (meters: number) => 41.39 + meters / 111_195;
const fix = (second: number, meters = 0) => ({
  lastLat: north(meters),
  lastLon: 2.16,
  lastLocationAt: after(second),
});

beforeEach(() => {
  vi.useFakeTimers({ now: nine, toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  vi.stubGlobal("requestAnimationFrame", (draw: (at: number) => void) => setTimeout(() => draw(performance.now()), 16));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

type MapOptions = { isSeen?: boolean; isMotionReduced?: boolean; paintMs?: number };

const aMap = ({ isSeen = true, isMotionReduced = false, paintMs = 0 }: MapOptions = {}) => {
  const table = createDeviceTable(() => nine + 3_600_000);
  const markers = new Map<number, VanMarker>();
  /** For each picture, which vans were on it. */
  const pictures: number[][] = [];
  const centers: LonLat[] = [];
  const updater = createMarkerUpdater({
    table,
    markers,
    canvas: {
      paint() {
        pictures.push([...markers.keys()]);
        vi.advanceTimersByTime(paintMs);
      },
      isSeen: () => isSeen,
      isElsewhere: () => isSeen,
      centerOn: (place) => centers.push(place) > 0,
    },
    now: () => nine,
    onSecond: () => () => {},
    isMotionReduced: () => isMotionReduced,
  });
  const latOf = (id: number) => {
    const marker = markers.get(id);
    return marker === undefined ? null : placeAt(marker.x, marker.y).lat;
  };
  return { table, pictures, centers, updater, latOf };
};

describe("markers", () => {
  test("of one snapshot come in one picture, those without a position not at all", async () => {
    const { table, pictures } = aMap();
    table.snapshot([aDevice(fix(0)), aDevice({ id: 8, ...fix(0) }), aDevice({ id: 9 })]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(pictures).toEqual([[7, 8]]);
  });

  test("go to a newer fix in steps, one for each frame, and never past it", async () => {
    const { table, latOf, pictures } = aMap();
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    pictures.length = 0;
    table.updated(anUpdate(fix(5, 60)));
    const seen: number[] = [];
    for (let step = 0; step < 20; step += 1) {
      await vi.advanceTimersByTimeAsync(60);
      seen.push(latOf(7) ?? 0);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen[2]).toBeLessThan(north(60));
    expect(seen.at(-1)).toBeCloseTo(north(60), 9);
    expect(pictures.length).toBeGreaterThan(50);
    expect(pictures.length).toBeLessThan(62);
  });

  test("on a machine that draws slowly move in fewer pictures: half of its time is left to people", async () => {
    const { table, pictures } = aMap({ paintMs: 30 });
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    pictures.length = 0;
    table.updated(anUpdate(fix(5, 60)));
    await vi.advanceTimersByTimeAsync(900);
    expect(pictures.length).toBeGreaterThan(4);
    expect(pictures.length * 30).toBeLessThan(0.6 * 900);
  });

  test("that nobody sees move are drawn at most every 400 ms, however much comes", async () => {
    const { table, pictures } = aMap({ isSeen: false });
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    pictures.length = 0;
    for (let second = 1; second <= 100; second += 1) {
      table.updated(anUpdate(fix(second, second)));
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(pictures.length).toBeGreaterThan(2);
    expect(pictures.length).toBeLessThanOrEqual(6);
  });

  test("jump over a gap in the track rather than act out a drive that nobody saw", async () => {
    const { table, latOf } = aMap();
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    table.updated(anUpdate(fix(600, 5000)));
    await vi.advanceTimersByTimeAsync(20);
    expect(latOf(7)).toBeCloseTo(north(5000), 9);
  });

  test("jump for whoever asked the system for less motion", async () => {
    const { table, latOf } = aMap({ isMotionReduced: true });
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    table.updated(anUpdate(fix(5, 60)));
    await vi.advanceTimersByTimeAsync(20);
    expect(latOf(7)).toBeCloseTo(north(60), 9);
  });

  test("of an unbound van are taken away", async () => {
    const { table, latOf, pictures } = aMap();
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    table.removed(7);
    await vi.advanceTimersByTimeAsync(500);
    expect(pictures.at(-1)).toEqual([]);
    expect(latOf(7)).toBeNull();
  });

  test("lead the camera while they are followed, in each step and no longer", async () => {
    const { table, updater, centers } = aMap();
    table.snapshot([aDevice(fix(0)), aDevice({ id: 8, ...fix(0) })]);
    await vi.advanceTimersByTimeAsync(500);
    updater.follow(7);
    table.updated(anUpdate(fix(5, 60)));
    await vi.advanceTimersByTimeAsync(1000);
    expect(centers.length).toBeGreaterThan(50);
    expect(centers.at(-1)?.lat).toBeCloseTo(north(60), 9);
    centers.length = 0;
    table.updated(anUpdate({ deviceId: 8, ...fix(5, 60) }));
    await vi.advanceTimersByTimeAsync(1000);
    expect(centers).toEqual([]);
  });
});
