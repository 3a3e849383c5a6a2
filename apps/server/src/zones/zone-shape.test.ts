import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metersBetween } from "../locations/meters-between.ts";
import { createZoneIndex } from "./zone-index.ts";
import { zoneShape } from "./zone-shape.ts";

const circle = (id: number, lat: number, lon: number, radiusMeters: number) =>
  zoneShape({ id, geometry: { type: "Point", coordinates: [lon, lat] }, radiusMeters }, 0);

const box = (id: number, west: number, south: number, size: number) => {
  const corners = [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ];
  return zoneShape({ id, geometry: { type: "Polygon", coordinates: [corners] }, radiusMeters: null }, 0);
};

describe("metres to the edge", () => {
  test("of a circle", () => {
    const depot = circle(1, 52.52, 13.405, 200);
    expect(depot.edgeDistance(52.52, 13.405)).toBeCloseTo(-200, 6);
    // A minute of latitude is a nautical mile.
    expect(depot.edgeDistance(52.52 + 1 / 60, 13.405)).toBeCloseTo(1_853.25 - 200, 0);
  });

  test("of a polygon, negative inside and beyond a corner as the crow flies", () => {
    const field = box(1, 13, 52, 0.01);
    const south = metersBetween({ lat: 52, lon: 13 }, { lat: 51.999, lon: 13 });
    expect(field.edgeDistance(51.999, 13.005)).toBeCloseTo(south, 0);
    expect(field.edgeDistance(52.001, 13.005)).toBeCloseTo(-south, 0);
    expect(field.edgeDistance(51.999, 12.999)).toBeCloseTo(
      metersBetween({ lat: 51.999, lon: 12.999 }, { lat: 52, lon: 13 }),
      0,
    );
  });

  test("of a polygon with a hole: the hole is outside", () => {
    const ring = (size: number) => [
      [-size, -size],
      [size, -size],
      [size, size],
      [-size, size],
      [-size, -size],
    ];
    const shape = zoneShape(
      { id: 1, geometry: { type: "Polygon", coordinates: [ring(0.03), ring(0.01).toReversed()] }, radiusMeters: null },
      0,
    );
    expect(shape.edgeDistance(0, 0)).toBeGreaterThan(1_000);
    expect(shape.edgeDistance(0.02, 0)).toBeLessThan(-1_000);
  });
});

describe("the index", () => {
  test("names every zone that holds a place, whatever came and went before", () => {
    const degrees = (min: number, max: number) => fc.integer({ min: min * 1e4, max: max * 1e4 }).map((n) => n / 1e4);
    const aZone = fc.tuple(
      fc.integer({ min: 1, max: 12 }),
      degrees(-60, -59.8),
      degrees(-0.1, 0.1),
      fc.integer({ min: 10, max: 60_000 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(aZone, fc.boolean()), { maxLength: 30 }),
        degrees(-60, -59.8),
        degrees(-0.1, 0.1),
        (steps, lat, lon) => {
          const index = createZoneIndex();
          const there = new Map<number, ReturnType<typeof circle>>();
          for (const [[id, zoneLat, zoneLon, radius], isGone] of steps) {
            const shape = circle(id, zoneLat, zoneLon, radius);
            if (isGone) index.remove(id);
            else index.put(shape);
            if (isGone) there.delete(id);
            else there.set(id, shape);
          }
          const near = index.near(lat, lon);
          expect(new Set(near).size).toBe(near.length);
          for (const shape of near) expect(there.get(shape.zoneId)).toBe(shape);
          for (const shape of there.values()) if (shape.edgeDistance(lat, lon) <= 0) expect(near).toContain(shape);
          expect(index.size).toBe(there.size);
        },
      ),
    );
  });

  test("does not look at zones far away", () => {
    const index = createZoneIndex(
      Array.from({ length: 200 }, (_, i) => circle(i + 1, 41 + (i % 20) / 50, 2 + Math.floor(i / 20) / 50, 150)),
    );
    expect(index.near(41.2, 2.1).length).toBeLessThan(6);
    expect(index.near(48, 11)).toEqual([]);
  });
});
