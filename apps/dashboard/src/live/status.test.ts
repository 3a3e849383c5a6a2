import { describe, expect, test } from "vitest";
import { aDevice, after, nine } from "./a-device.ts";
import { liveDevice } from "./live-device.ts";
import { needOf, statusOf } from "./status.ts";

const here = { lastLat: 41.39, lastLon: 2.16 };
const at = (seconds: number): number => nine + seconds * 1000;

describe("a connected van", () => {
  const seen = liveDevice(aDevice({ ...here, lastLocationAt: after(0) }));

  test("that moved within the last minute is live", () => {
    expect(statusOf({ ...seen, movedAt: nine }, at(60))).toBe("live");
  });

  test("that was seen but once, a moment ago, is not said to stand: the next report shows", () => {
    expect(statusOf(seen, at(12))).toBe("seen");
    expect(statusOf({ ...seen, wasSeenOnce: false }, at(12))).toBe("still");
  });

  test("that was seen but once and has missed two reports of a drive is still", () => {
    expect(statusOf(seen, at(13))).toBe("still");
  });

  test("that moved longer ago is still", () => {
    expect(statusOf({ ...seen, movedAt: nine }, at(61))).toBe("still");
  });

  test("is still, not stale, while its next beat may be half a minute late", () => {
    expect(statusOf(seen, at(90))).toBe("still");
    expect(statusOf(seen, at(91))).toBe("stale");
  });

  test("without any position is stale", () => {
    expect(statusOf(liveDevice(aDevice()), nine)).toBe("stale");
  });

  test("asks for attention only after three minutes without a position", () => {
    expect(needOf(seen, at(180))).toBeNull();
    expect(needOf(seen, at(181))).toEqual({ kind: "stale", since: nine });
  });

  test("asks for attention when its battery is low", () => {
    expect(needOf({ ...seen, batteryPercent: 16 }, nine)).toBeNull();
    expect(needOf({ ...seen, batteryPercent: 15 }, nine)).toEqual({ kind: "low-battery", percent: 15 });
  });
});

describe("a van that is not connected", () => {
  const gone = liveDevice(
    aDevice({ ...here, isConnected: false, lastLocationAt: after(0), appInfoAt: after(20), batteryLevelPercent: 40 }),
  );

  test("is dark, however fresh its fix", () => {
    expect(statusOf({ ...gone, movedAt: nine }, nine)).toBe("dark");
  });

  test("is dark since it was last heard, by whatever it said", () => {
    expect(needOf(gone, at(600))).toEqual({ kind: "dark", since: at(20), batteryEmpty: false });
  });

  test("with an empty battery has a probable cause", () => {
    expect(needOf({ ...gone, batteryPercent: 4 }, at(600))).toMatchObject({ batteryEmpty: true });
  });

  test("for longer than a shift was put away and asks for nothing", () => {
    expect(needOf(gone, at(20 + 12 * 3600))).not.toBeNull();
    expect(needOf(gone, at(21 + 12 * 3600))).toBeNull();
  });

  test("that never said anything counts from its binding", () => {
    const never = liveDevice(aDevice({ isConnected: false, boundAt: after(-60) }));
    expect(needOf(never, nine)).toEqual({ kind: "never-seen", since: at(-60) });
  });
});
