/** Time, handed in so that a test can turn it. */
export type Clock = {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs the action once after so many milliseconds; the answer calls it off. */
  after(delayMs: number, action: () => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** From 0 up to, not including, 1. */
export type Random = () => number;
