import fc from "fast-check";
import { expect, test } from "vitest";
import { clipLine } from "./clip-line.ts";

const line = (...xy: number[]) =>
  Array.from({ length: xy.length / 2 }, (_, index) => ({ x: xy[2 * index] ?? 0, y: xy[2 * index + 1] ?? 0 }));

test("a line inside stays as it is, one outside is gone", () => {
  expect(clipLine(line(1, 1, 5, 5, 9, 1), 10)).toEqual([[1, 1, 5, 5, 9, 1]]);
  expect(clipLine(line(-5, 1, -1, 9), 10)).toEqual([]);
});

test("a line that crosses the square is cut at its border", () => {
  expect(clipLine(line(-5, 4, 15, 4), 10)).toEqual([[0, 4, 10, 4]]);
});

test("a line that leaves and comes back is two pieces", () => {
  expect(clipLine(line(5, 5, 15, 5, 15, 7, 5, 7), 10)).toEqual([
    [5, 5, 10, 5],
    [10, 7, 5, 7],
  ]);
});

test("nothing of a clipped line lies outside", () => {
  const point = fc.record({ x: fc.integer({ min: -20, max: 30 }), y: fc.integer({ min: -20, max: 30 }) });
  fc.assert(
    fc.property(fc.array(point, { maxLength: 12 }), (points) => {
      for (const piece of clipLine(points, 10)) {
        expect(piece.length).toBeGreaterThanOrEqual(4);
        for (const value of piece) expect(Math.abs(value - 5)).toBeLessThanOrEqual(5 + 1e-9);
      }
    }),
  );
});
