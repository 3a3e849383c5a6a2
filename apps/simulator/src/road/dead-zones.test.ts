import { expect, test } from "vitest";
import { aGridTown } from "../testing-town.ts";
import { createDeadZones, hasNetwork } from "./dead-zones.ts";

test("dead zones are the same for the same seed and lie on the roads of the town", () => {
  const town = aGridTown();
  const zones = createDeadZones(town, "a", 10);
  expect(zones).toEqual(createDeadZones(town, "a", 10));
  expect(zones).not.toEqual(createDeadZones(town, "b", 10));
  expect(zones).toHaveLength(10);
  for (const { lat, lon } of zones) expect(hasNetwork(zones, lat, lon)).toBe(false);
});

test("a phone has a network outside of every circle", () => {
  const zone = { lat: 41.38, lon: 2.15, radiusMeters: 100 };
  expect(hasNetwork([], 41.38, 2.15)).toBe(true);
  expect(hasNetwork([zone], 41.3808, 2.15)).toBe(false);
  expect(hasNetwork([zone], 41.381, 2.15)).toBe(true);
});
