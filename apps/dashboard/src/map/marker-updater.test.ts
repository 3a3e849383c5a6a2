import type { GeoJSONSourceDiff } from "maplibre-gl";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aDevice, after, anUpdate, nine } from "../live/a-device.ts";
import { createDeviceTable } from "../live/device-table.ts";
import { createMarkerUpdater } from "./marker-updater.ts";

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

const aMap = (isVisible = true) => {
  const table = createDeviceTable(() => nine + 3_600_000);
  const diffs: GeoJSONSourceDiff[] = [];
  const updater = createMarkerUpdater({
    table,
    canvas: {
      apply: async (diff) => void diffs.push(diff),
      showPicked: () => {},
      isVisible: () => isVisible,
      centerOn: () => {},
    },
    now: () => nine,
    onSecond: () => () => {},
    ageText: () => "now",
    isMotionReduced: () => false,
  });
  return { table, diffs, updater };
};

describe("markers", () => {
  test("of one snapshot come in one change", async () => {
    const { table, diffs } = aMap();
    table.snapshot([aDevice(fix(0)), aDevice({ id: 8, ...fix(0) }), aDevice({ id: 9 })]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(diffs.map(({ add }) => add?.map(({ id }) => id))).toEqual([[7, 8]]);
  });

  test("go to a newer fix in steps and never past it", async () => {
    const { table, updater, diffs } = aMap();
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    table.updated(anUpdate(fix(5, 60)));
    const seen: number[] = [];
    for (let step = 0; step < 20; step += 1) {
      await vi.advanceTimersByTimeAsync(60);
      seen.push(updater.shownAt(7)?.lat ?? 0);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen[2]).toBeLessThan(north(60));
    expect(seen.at(-1)).toBe(north(60));
    expect(diffs.length).toBeGreaterThan(5);
    expect(diffs.length).toBeLessThan(40);
  });

  test("that nobody sees move are redrawn at most every 400 ms, however much comes", async () => {
    const { table, diffs } = aMap(false);
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    diffs.length = 0;
    for (let second = 1; second <= 100; second += 1) {
      table.updated(anUpdate(fix(second, second)));
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(diffs.length).toBeGreaterThan(2);
    expect(diffs.length).toBeLessThanOrEqual(6);
  });

  test("jump over a gap in the track rather than act out a drive that nobody saw", async () => {
    const { table, updater } = aMap();
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    table.updated(anUpdate(fix(600, 5000)));
    await vi.advanceTimersByTimeAsync(20);
    expect(updater.shownAt(7)?.lat).toBe(north(5000));
  });

  test("of an unbound van are taken away", async () => {
    const { table, updater, diffs } = aMap();
    table.snapshot([aDevice(fix(0))]);
    await vi.advanceTimersByTimeAsync(500);
    table.removed(7);
    await vi.advanceTimersByTimeAsync(500);
    expect(diffs.at(-1)?.remove).toEqual([7]);
    expect(updater.shownAt(7)).toBeNull();
  });

  test("come back whole after the map lost its sources", async () => {
    const { table, updater, diffs } = aMap();
    table.snapshot([aDevice(fix(0)), aDevice({ id: 8, ...fix(0) })]);
    await vi.advanceTimersByTimeAsync(500);
    updater.redraw();
    expect(diffs.at(-1)?.add?.length).toBe(2);
  });
});
