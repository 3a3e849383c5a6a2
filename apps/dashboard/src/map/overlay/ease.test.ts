import fc from "fast-check";
import { expect, test } from "vitest";
import { aMarker } from "./a-marker.ts";
import { easeMs, startEase, stepEase } from "./ease.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

test("a marker on its way is between its last place and the fix, never beyond", () => {
  fc.assert(
    fc.property(share, share, share, share, fc.integer({ min: -500, max: 5000 }), (x, y, toX, toY, now) => {
      const marker = aMarker({ x, y });
      startEase(marker, toX, toY, 0);
      stepEase(marker, now);
      const within = (value: number, a: number, b: number) =>
        value >= Math.min(a, b) - 1e-9 && value <= Math.max(a, b) + 1e-9;
      expect(within(marker.x, x, toX) && within(marker.y, y, toY)).toBe(true);
    }),
  );
});

test("it arrives, exactly, and rests", () => {
  const marker = aMarker({ x: 0.1, y: 0.2 });
  startEase(marker, 0.33, 0.44, 100);
  stepEase(marker, 100);
  expect(marker).toMatchObject({ x: 0.1, y: 0.2, isMoving: true });
  stepEase(marker, 99 + easeMs);
  expect(marker.isMoving).toBe(true);
  stepEase(marker, 100 + easeMs);
  expect(marker).toMatchObject({ x: 0.33, y: 0.44, isMoving: false });
});
