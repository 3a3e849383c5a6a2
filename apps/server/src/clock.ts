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

export const isoTime = (ms: number): string => new Date(ms).toISOString();
