import fc from "fast-check";
import { expect, test } from "vitest";
import { orderStops, roundMeters } from "./order-stops.ts";

const point = fc.record({
  x: fc.double({ min: -2000, max: 2000, noNaN: true }),
  y: fc.double({ min: -2000, max: 2000, noNaN: true }),
});
const START = { x: 0, y: 0 };

test("every stop is visited exactly once, and driving no part of the round backwards makes it shorter", () => {
  fc.assert(
    fc.property(fc.array(point, { maxLength: 15 }), (points) => {
      const ordered = orderStops(START, points);
      expect(ordered).toHaveLength(points.length);
      expect(new Set(ordered)).toEqual(new Set(points));
      const meters = roundMeters(START, ordered);
      for (let from = 0; from < ordered.length; from++)
        for (let to = from + 2; to <= ordered.length; to++) {
          const turned = ordered.toSpliced(from, to - from, ...ordered.slice(from, to).toReversed());
          expect(roundMeters(START, turned)).toBeGreaterThan(meters - 0.02);
        }
    }),
  );
});

test("a square is driven around, not across", () => {
  const corners = [
    { x: 100, y: 100 },
    { x: 0, y: 100 },
    { x: 100, y: 0 },
  ];
  expect(roundMeters(START, orderStops(START, corners))).toBeCloseTo(400, 6);
});
