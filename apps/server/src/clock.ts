/** Time as the code sees it: handed in, so that a test can hold it. */
export type Clock = {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs once after `ms`; returns its undo. Never keeps the process alive. */
  after(ms: number, run: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Runs again and again, `ms` apart; returns its undo. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let undo = clock.after(ms, function tick() {
    undo = clock.after(ms, tick);
    run();
  });
  return () => undo();
}

let lastMs = Number.NaN;
let lastText = "";

/** UTC, ISO-8601. Most calls of a busy server ask for the same millisecond again. */
export function isoTime(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString();
    lastMs = ms;
  }
  return lastText;
}
