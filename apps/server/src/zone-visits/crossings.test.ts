import { describe, expect, test } from "vitest";
import { createZoneIndex } from "../zones/zone-index.ts";
import { zoneShape } from "../zones/zone-shape.ts";
import { type Fix, verdictOf } from "./crossings.ts";
import { createReplay } from "./replay.ts";

/** A circle of 200 m around 52 N 13 E. */
const depot = zoneShape({ id: 1, geometry: { type: "Point", coordinates: [13, 52] }, radiusMeters: 200 }, 0);
const metersNorth = 1 / 111_195;
const fixAt = (seconds: number, north: number, accuracyMeters: number | null = null): Fix => ({
  atMs: seconds * 1_000,
  lat: 52 + north * metersNorth,
  lon: 13,
  accuracyMeters,
});

/** `entered–left` in seconds for each visit of a device that goes north and south. */
function visitsOf(...fixes: Fix[]): string[] {
  const replay = createReplay(createZoneIndex([depot]), { accountId: 1, deviceId: 1 });
  for (const fix of fixes) replay.add(fix);
  return [...replay.closed, ...replay.open.values()].map(
    ({ enteredAt, leftAt }) => `${enteredAt / 1_000}–${leftAt === null ? "" : leftAt / 1_000}`,
  );
}

describe("a fix", () => {
  test.each<[string, number, number | null, string]>([
    ["in the middle", 0, null, "inside"],
    ["just within the edge", 199, null, "inside"],
    ["just outside", 201, null, "unsure"],
    ["within the margin", 229, null, "unsure"],
    ["beyond the margin", 231, null, "outside"],
    ["in the middle, known to 90 m", 0, 90, "inside"],
    ["in the middle, known to 101 m", 0, 101, "unsure"],
    ["outside by 80 m, known to 90 m", 280, 90, "unsure"],
    ["outside by 100 m, known to 90 m", 300, 90, "outside"],
    ["far away, known to 2 km", 9_000, 2_000, "unsure"],
  ])("%s is %s m north, ± %s m: %s", (_, north, accuracy, verdict) => {
    expect(verdictOf(depot, fixAt(1, north, accuracy))).toBe(verdict);
  });

  test("rougher than a small zone is large cannot enter it, but leave it", () => {
    const parking = zoneShape({ id: 2, geometry: { type: "Point", coordinates: [13, 52] }, radiusMeters: 15 }, 0);
    expect(verdictOf(parking, fixAt(1, 0, 20))).toBe("unsure");
    expect(verdictOf(parking, fixAt(1, 0, 10))).toBe("inside");
    expect(verdictOf(parking, fixAt(1, 100, 20))).toBe("outside");
  });

  test("from before a shape was drawn is no business of it", () => {
    expect(verdictOf({ ...depot, drawnAt: 2_000 }, fixAt(1, 0))).toBe("unsure");
  });
});

describe("visits", () => {
  test("last from the first fix inside to the first one well outside", () => {
    expect(visitsOf(fixAt(0, 900), fixAt(10, 150), fixAt(20, 0), fixAt(30, 900), fixAt(40, 0))).toEqual([
      "10–30",
      "40–",
    ]);
  });

  test("do not flap at the edge", () => {
    const wandering = Array.from({ length: 50 }, (_, i) => fixAt(10 + i, i % 2 === 0 ? 190 : 225));
    expect(visitsOf(fixAt(0, 900), ...wandering, fixAt(70, 900))).toEqual(["10–70"]);
  });

  test("are not made by fixes that only pass near", () => {
    expect(visitsOf(fixAt(0, 900), fixAt(10, 201), fixAt(20, 210), fixAt(30, 900))).toEqual([]);
  });

  test("are not ended by a rough fix", () => {
    expect(visitsOf(fixAt(0, 0), fixAt(10, 1_000, 150), fixAt(20, 0))).toEqual(["0–"]);
  });
});
