/** A running timer; only handed back to the clock that gave it. */
export type Timer = unknown;

/** Where time comes from. `now` is milliseconds since the Unix epoch, delays are milliseconds. */
export type Clock = {
  now(): number;
  setTimeout(callback: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer): void;
  setInterval(callback: () => void, periodMs: number): Timer;
  clearInterval(timer: Timer): void;
};

/** The clock of the machine. Its intervals do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  setInterval: (callback, periodMs) => setInterval(callback, periodMs).unref(),
  clearInterval: (timer) => clearInterval(timer as NodeJS.Timeout),
};
