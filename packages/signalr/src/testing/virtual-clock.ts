import type { Clock } from "../clock.ts";

type Pending = { readonly callback: () => void; readonly periodMs: number | null; at: number };

/** A clock that moves only when told to. */
export type VirtualClock = Clock & {
  /** Moves time and runs what falls due, in order of time. */
  advance(milliseconds: number): void;
};

export function createVirtualClock(startAt = Date.UTC(2026, 0, 1)): VirtualClock {
  const timers = new Set<Pending>();
  let now = startAt;
  const add = (callback: () => void, delayMs: number, periodMs: number | null) => {
    const timer: Pending = { callback, periodMs, at: now + Math.max(0, delayMs) };
    timers.add(timer);
    return timer;
  };
  const remove = (timer: unknown) => void timers.delete(timer as Pending);
  const nextDue = (end: number) => {
    let next: Pending | null = null;
    for (const timer of timers) {
      if (timer.at <= end && (next === null || timer.at < next.at)) next = timer;
    }
    return next;
  };
  return {
    now: () => now,
    setTimeout: (callback, delayMs) => add(callback, delayMs, null),
    clearTimeout: remove,
    setInterval: (callback, periodMs) => add(callback, periodMs, Math.max(1, periodMs)),
    clearInterval: remove,
    advance: (milliseconds) => {
      const end = now + milliseconds;
      for (let timer = nextDue(end); timer !== null; timer = nextDue(end)) {
        now = timer.at;
        if (timer.periodMs === null) timers.delete(timer);
        else timer.at += timer.periodMs;
        timer.callback();
      }
      now = end;
    },
  };
}
