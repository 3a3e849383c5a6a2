import { describe, expect, test } from "vitest";
import { bearingDegrees, distanceMeters } from "./geo.ts";
import { type Motion, moved } from "./motion.ts";

const start = { lat: 41.39, lon: 2.16, at: 0 };
const parked: Motion = { anchor: start, movedAt: null, headingDegrees: null, speedMps: null };
/** Degrees of latitude in one metre. */
const meter = 1 / 111_195;

describe("heading", () => {
  test.each([
    ["north", { lat: 1, lon: 0 }, 0],
    ["east", { lat: 0, lon: 1 }, 90],
    ["south", { lat: -1, lon: 0 }, 180],
    ["west", { lat: 0, lon: -1 }, 270],
  ])("is measured clockwise: %s", (_, to, degrees) => {
    expect(bearingDegrees({ lat: 0, lon: 0 }, to)).toBeCloseTo(degrees, 6);
  });

  test("crosses the date line the short way", () => {
    expect(bearingDegrees({ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 })).toBeCloseTo(90, 6);
    expect(distanceMeters({ lat: 0, lon: 179.9 }, { lat: 0, lon: -179.9 })).toBeCloseTo(22_239, 0);
  });
});

describe("a newer fix", () => {
  test("within 8 m is the receiver's noise", () => {
    expect(moved(parked, { lat: 41.39 + 7 * meter, lon: 2.16, at: 5000 })).toBe(parked);
  });

  test("farther gives heading, speed and the moment", () => {
    const motion = moved(parked, { lat: 41.39 + 50 * meter, lon: 2.16, at: 5000 });
    expect(motion.headingDegrees).toBeCloseTo(0, 3);
    expect(motion.speedMps).toBeCloseTo(10, 1);
    expect(motion.movedAt).toBe(5000);
  });

  test("adds up slow steps: 5 m and 5 m is a movement", () => {
    const once = moved(parked, { lat: 41.39 + 5 * meter, lon: 2.16, at: 5000 });
    expect(moved(once, { lat: 41.39 + 10 * meter, lon: 2.16, at: 10_000 }).movedAt).toBe(10_000);
  });

  test("after a long gap says where it headed, not how fast", () => {
    const motion = moved(parked, { lat: 41.4, lon: 2.16, at: 61_000 });
    expect(motion).toMatchObject({ speedMps: null, movedAt: 61_000 });
  });

  test("that would need 250 km/h has no speed", () => {
    expect(moved(parked, { lat: 41.39 + 400 * meter, lon: 2.16, at: 5000 }).speedMps).toBeNull();
  });
});
