import { expect, test } from "vitest";
import { createExpiry } from "./expiry.ts";
import { standingClock } from "./testing.ts";

const minute = 60_000;

/** Messages by when they end, and when each was let go. */
function anExpiry(...endsInMinutes: number[]) {
  const clock = standingClock();
  const started = clock.now();
  const kept = new Set(endsInMinutes.map((minutes) => started + minutes * minute));
  const ended: [number, number][] = [];
  const failures: unknown[] = [];
  let isAway = false;
  const inMinutes = (ms: number) => (ms - started) / minute;
  const expiry = createExpiry({
    clock,
    async nextExpiry() {
      if (isAway) throw new Error("the store is away");
      return kept.size === 0 ? null : Math.min(...kept);
    },
    async expireDue(now) {
      if (isAway) throw new Error("the store is away");
      // Two at a time, so that it must ask again.
      const due = [...kept].filter((at) => at <= now).slice(0, 2);
      for (const at of due) {
        kept.delete(at);
        ended.push([inMinutes(at), inMinutes(now)]);
      }
      return due.length;
    },
    failed: (error) => failures.push(error),
  });
  return {
    clock,
    expiry,
    ended,
    failures,
    keep(minutes: number) {
      const at = started + minutes * minute;
      kept.add(at);
      expiry.watch(at);
    },
    storeIsAway(away: boolean) {
      isAway = away;
    },
  };
}

test("what fell due while nobody watched ends at the start, the rest each at its time", async () => {
  const { clock, expiry, ended } = anExpiry(-3, -2, -1, 5, 600);
  await expiry.start();
  expect(ended).toEqual([
    [-3, 0],
    [-2, 0],
    [-1, 0],
  ]);
  await clock.pass(700 * minute);
  expect(ended.slice(3)).toEqual([
    [5, 5],
    [600, 600],
  ]);
});

test("one that comes later and ends sooner is seen to first", async () => {
  const { clock, expiry, ended, keep } = anExpiry(10);
  await expiry.start();
  keep(3);
  keep(30);
  await clock.pass(60 * minute);
  expect(ended).toEqual([
    [3, 3],
    [10, 10],
    [30, 30],
  ]);
});

test("a wall clock that is set forward is noticed within a quarter of an hour", async () => {
  const { clock, expiry, ended } = anExpiry(600);
  await expiry.start();
  clock.set(clock.now() + 599 * minute);
  await clock.pass(15 * minute);
  expect(ended.length).toBe(1);
});

test("a store that was away is asked again", async () => {
  const { clock, expiry, ended, failures, storeIsAway } = anExpiry(1);
  await expiry.start();
  storeIsAway(true);
  await clock.pass(2 * minute);
  expect(failures.length).toBeGreaterThan(1);
  storeIsAway(false);
  await clock.pass(minute);
  expect(ended.length).toBe(1);
});

test("nothing ends once it is closed", async () => {
  const { clock, expiry, ended } = anExpiry(1);
  await expiry.start();
  expiry.close();
  await clock.pass(60 * minute);
  expect(ended).toEqual([]);
});
