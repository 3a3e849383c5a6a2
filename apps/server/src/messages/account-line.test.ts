import { expect, test } from "vitest";
import { createAccountLine } from "./account-line.ts";
import { standingClock } from "./testing.ts";

test("a little is done at once, of much some each turn, and one account never waits for another", async () => {
  const clock = standingClock();
  const line = createAccountLine(clock);
  const done: string[] = [];
  const things = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => () => done.push(`${name}${at}`));
  line.add(1, things("a", 120));
  expect(done.length).toBe(50);
  line.add(1, things("late", 1));
  line.add(2, things("b", 1));
  expect(done.at(-1)).toBe("b0");
  await clock.pass(0);
  expect(done.filter((one) => one.startsWith("a")).length).toBe(120);
  expect(done.at(-1)).toBe("late0");
});

test("what is added in the middle of it comes after what was there", async () => {
  const clock = standingClock();
  const line = createAccountLine(clock);
  const done: number[] = [];
  line.add(1, [
    () => {
      done.push(1);
      line.add(1, [() => done.push(3)]);
    },
    () => done.push(2),
  ]);
  await clock.pass(0);
  expect(done).toEqual([1, 2, 3]);
});
