import type { Clock } from "@dsp-fleet/server/parts";

/** A clock that runs by itself and can be moved on by hand. */
export type HeldClock = Clock & {
  /** Time jumps by `ms`: what fell due in between runs once, as on a machine that slept. */
  leap(ms: number): void;
  /** Time passes second by second, so that whoever counts seconds counts these too. */
  pass(seconds: number): void;
};

type Waiting = { dueAt: number; run: () => void; timer: NodeJS.Timeout };

export function heldClock(): HeldClock {
  let ahead = 0;
  const waiting = new Set<Waiting>();
  const now = () => Date.now() + ahead;

  function arm(entry: Omit<Waiting, "timer">): Waiting {
    const armed: Waiting = { ...entry, timer: setTimeout(() => fire(armed), Math.max(0, entry.dueAt - now())) };
    armed.timer.unref();
    waiting.add(armed);
    return armed;
  }

  function fire(entry: Waiting): void {
    clearTimeout(entry.timer);
    if (waiting.delete(entry)) entry.run();
  }

  function leap(ms: number): void {
    ahead += ms;
    const due = [...waiting].filter((entry) => entry.dueAt <= now()).toSorted((a, b) => a.dueAt - b.dueAt);
    for (const entry of due) fire(entry);
    // Those that are left fall due sooner by the real clock.
    for (const entry of [...waiting]) {
      clearTimeout(entry.timer);
      entry.timer = setTimeout(() => fire(entry), Math.max(0, entry.dueAt - now()));
      entry.timer.unref();
    }
  }

  return {
    now,
    after(ms, run) {
      const entry = arm({ dueAt: now() + ms, run });
      return () => {
        clearTimeout(entry.timer);
        waiting.delete(entry);
      };
    },
    leap,
    pass(seconds) {
      for (let second = 0; second < seconds; second += 1) leap(1_000);
    },
  };
}
