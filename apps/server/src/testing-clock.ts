import type { Clock } from "./clock.ts";

/** A clock that stands until it is moved. */
export type TestingClock = Clock & {
  /** Moves time and runs what falls due, in order of time. */
  move(ms: number): void;
};

export function testingClock(startAt = Date.UTC(2026, 0, 1)): TestingClock {
  let now = startAt;
  const timers = new Set<{ at: number; run: () => void }>();
  const nextUntil = (end: number) => [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    move(ms) {
      const end = now + ms;
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        timers.delete(timer);
        now = timer.at;
        timer.run();
      }
      now = end;
    },
  };
}
