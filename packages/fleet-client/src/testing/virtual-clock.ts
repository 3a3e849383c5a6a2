import type { Clock } from "../clock.ts";

export type VirtualClock = Clock & {
  /** Lets so much time pass, timer by timer, and everything that follows from each. */
  advance(ms: number): Promise<void>;
  /** A clock for one process: `kill` calls off all its timers. */
  process(): Clock & { kill(): void };
};

/** Time that stands still until a test lets it pass. */
export function virtualClock(startMs = Date.UTC(2026, 5, 1, 8)): VirtualClock {
  type Timer = { readonly atMs: number; readonly order: number; readonly action: () => void };
  const timers = new Set<Timer>();
  let nowMs = startMs;
  let order = 0;

  const due = (byMs: number): Timer | undefined =>
    [...timers].filter((timer) => timer.atMs <= byMs).toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  // Promises settle between two timers; some of the platform's own take more than one turn of the event loop.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const after: Clock["after"] = (delayMs, action) => {
    const timer = { atMs: nowMs + Math.max(0, delayMs), order: order++, action };
    timers.add(timer);
    return () => void timers.delete(timer);
  };

  return {
    now: () => nowMs,
    after,
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let timer = due(untilMs); timer !== undefined; timer = due(untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.atMs);
        timer.action();
        await settle();
      }
      nowMs = untilMs;
    },
    process() {
      const own = new Set<() => void>();
      let isDead = false;
      return {
        now: () => nowMs,
        after(delayMs, action) {
          if (isDead) return () => {};
          const cancel = after(delayMs, () => {
            own.delete(cancel);
            action();
          });
          own.add(cancel);
          return () => {
            own.delete(cancel);
            cancel();
          };
        },
        kill() {
          isDead = true;
          for (const cancel of own) cancel();
        },
      };
    },
  };
}
