import type { Clock } from "../clock.ts";

export type StandingClock = Clock & {
  /** Lets so much time pass, timer by timer, and everything that follows from each. */
  pass(ms: number): Promise<void>;
  /** The wall clock is set to another time; timers go on. */
  set(ms: number): void;
};

/** Time that stands until a test lets it pass. */
export function standingClock(startMs = 1_000_000_000): StandingClock {
  let elapsed = 0;
  let wall = startMs;
  let timers: { at: number; run: () => void }[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => wall + elapsed,
    after(ms, run) {
      const timer = { at: elapsed + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        elapsed = Math.max(elapsed, next.at);
        next.run();
        await settle();
      }
      elapsed = end;
    },
    set(ms) {
      wall = ms - elapsed;
    },
  };
}
