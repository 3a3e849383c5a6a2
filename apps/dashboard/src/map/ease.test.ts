import fc from "fast-check";
import { expect, test } from "vitest";
import { easedAt, easeMs, isOver } from "./ease.ts";

const lon = fc.double({ min: -179, max: 179, noNaN: true });
const lat = fc.double({ min: -85, max: 85, noNaN: true });
const place = fc.record({ lon, lat });

test("a marker on its way is between its last place and the fix, never beyond", () => {
  fc.assert(
    fc.property(place, place, fc.integer({ min: -500, max: 5000 }), (from, to, now) => {
      const shown = easedAt({ from, to, startedAt: 0 }, now);
      const within = (value: number, a: number, b: number) =>
        value >= Math.min(a, b) - 1e-9 && value <= Math.max(a, b) + 1e-9;
      expect(within(shown.lon, from.lon, to.lon) && within(shown.lat, from.lat, to.lat)).toBe(true);
    }),
  );
});

test("it arrives, exactly", () => {
  const ease = { from: { lon: 1, lat: 2 }, to: { lon: 3.3, lat: 4.4 }, startedAt: 100 };
  expect(easedAt(ease, 100)).toEqual(ease.from);
  expect(easedAt(ease, 100 + easeMs)).toEqual(ease.to);
  expect([isOver(ease, 99 + easeMs), isOver(ease, 100 + easeMs)]).toEqual([false, true]);
});
