/** Calls its listeners once a second while it has any: one timer for all ages on the screen. */
export type Ticker = {
  readonly subscribe: (listener: () => void) => () => void;
  /** The moment of the last tick, by the server's clock: the same for all who draw in between. */
  readonly now: () => number;
};

export function createTicker(now: () => number): Ticker {
  const listeners = new Set<() => void>();
  let at = now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    at = now();
    for (const listener of listeners) listener();
  };
  return {
    now: () => at,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        at = now();
        timer = setInterval(tick, 1000);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
