import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, type Random } from "./random.ts";

const draw = (random: Random, count = 5): number[] => Array.from({ length: count }, () => random.next());

test("the same seed gives the same numbers, another seed gives others", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (seed, other) => {
      expect(draw(createRandom(seed))).toEqual(draw(createRandom(seed)));
      fc.pre(seed !== other);
      expect(draw(createRandom(seed))).not.toEqual(draw(createRandom(other)));
    }),
  );
});

test("a named stream does not depend on what was drawn before it", () => {
  const random = createRandom("a");
  const before = draw(random.stream("gps"));
  draw(random, 100);
  expect(draw(random.stream("gps"))).toEqual(before);
  expect(draw(random.stream("drive"))).not.toEqual(before);
});

test("numbers stay in their range and are spread over it", () => {
  const random = createRandom("spread");
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let count = 0; count < 20_000; count++) {
    const tenth = Math.floor(random.next() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  const whole = Array.from({ length: 500 }, () => random.integer(3, 5));
  expect([...new Set(whole)].toSorted((one, other) => one - other)).toEqual([3, 4, 5]);
});

test("normal numbers have mean 0 and deviation 1", () => {
  const random = createRandom("bell");
  const drawn = Array.from({ length: 20_000 }, () => random.normal());
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
  expect(mean).toBeCloseTo(0, 1);
  expect(variance).toBeCloseTo(1, 1);
});

test("nothing can be picked from an empty list", () => {
  expect(() => createRandom("a").pick([])).toThrow(RangeError);
});
