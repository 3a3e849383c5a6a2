import { describe, expect, test } from "vitest";
import { aDevice, after, nine } from "../../live/a-device.ts";
import { liveDevice } from "../../live/live-device.ts";
import { markerLook } from "./marker.ts";

const seen = liveDevice(aDevice({ lastLat: 41.39, lastLon: 2.16, lastLocationAt: after(0) }));
const look = (device: typeof seen, seconds: number) => markerLook(device, nine + seconds * 1000);

describe("a marker", () => {
  test("turns with the heading while it moves", () => {
    expect(look({ ...seen, movedAt: nine, headingDegrees: 44.6 }, 5)).toMatchObject({
      icon: "live",
      headingDegrees: 45,
      fixAt: nine,
      rank: 0,
    });
  });

  test("is an upright dot at rest, hollow while rest is not sure, a cross in the dark", () => {
    expect(look({ ...seen, headingDegrees: 44 }, 15)).toMatchObject({ icon: "still", headingDegrees: 0 });
    expect(look(seen, 5)).toMatchObject({ icon: "seen", headingDegrees: 0, rank: 1 });
    expect(look({ ...seen, isConnected: false }, 5)).toMatchObject({ icon: "dark", rank: 3, opacity: 1 });
  });

  test("is hollow when stale, still points where it headed, and fades to half in a quarter of an hour", () => {
    const moving = { ...seen, headingDegrees: 90 };
    expect([look(seen, 91).icon, look(moving, 91).icon, look(moving, 91).headingDegrees]).toEqual([
      "stale",
      "stale-moving",
      90,
    ]);
    expect([91, 495, 900, 9000].map((seconds) => look(seen, seconds).opacity)).toEqual([1, 0.8, 0.5, 0.5]);
  });
});
