export type Ticker = Disposable & {
  /** Seconds of scenario time that have passed. */
  readonly elapsedSeconds: () => number;
};

export type TickerOptions = {
  /** Scenario seconds in one second of the clock. */
  readonly speedFactor: number;
  /** One tenth of the fleet, 0 to 9, is due for its next second. */
  readonly onSlice: (slice: number, nowMs: number) => void;
};

/** Each second is cut in ten, so that a thousand phones do not all speak in one millisecond. */
export const SLICES = 10;
const SLICE_MS = 1000 / SLICES;
/** Faster timers than this cost more than they smooth. */
const SHORTEST_INTERVAL_MS = 10;
/** What a sleeping computer missed is not driven in a rush. */
const LONGEST_CATCH_UP_MS = 2_000;

/** One timer for the whole fleet. */
export const startTicker = ({ speedFactor, onSlice }: TickerOptions): Ticker => {
  let sliceCount = 0;
  let owedMs = 0;
  let lastMs = performance.now();

  const timer = setInterval(
    () => {
      const nowMs = performance.now();
      owedMs += Math.min(nowMs - lastMs, LONGEST_CATCH_UP_MS) * speedFactor;
      lastMs = nowMs;
      for (; owedMs >= SLICE_MS; owedMs -= SLICE_MS) onSlice(sliceCount++ % SLICES, Date.now());
    },
    Math.max(SHORTEST_INTERVAL_MS, SLICE_MS / speedFactor),
  );
  return {
    elapsedSeconds: () => sliceCount / SLICES,
    [Symbol.dispose]: () => clearInterval(timer),
  };
};
