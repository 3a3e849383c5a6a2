import type { FleetHub } from "@dsp-fleet/contract";
import { type Clock, createListeners, type HubClient } from "@dsp-fleet/fleet-client";

/** A dispatcher's wish, or a rescue's: report every so often until then. */
export type FastLocation = { readonly intervalSeconds: number; readonly untilMs: number };

export type FastLocationKeeper = {
  /** The wish of now; null: report as usual. */
  readonly current: FastLocation | null;
  /** Hears of each new wish, and of null when it was taken back or its time is over. */
  onChange(listener: (wish: FastLocation | null) => void): () => void;
  /** Follows what this hub says; the answer is the end of it. */
  follow(hub: Pick<HubClient<FleetHub>, "on">): () => void;
  clear(): void;
};

/** Counts a lease down by itself: a phone that loses the server goes back to its usual rules when the time is over. */
export function createFastLocationKeeper(clock: Clock): FastLocationKeeper {
  const listeners = createListeners<FastLocation | null>();
  let current: FastLocation | null = null;
  let cancelEnd = () => {};

  function become(next: FastLocation | null): void {
    cancelEnd();
    if (next === null && current === null) return;
    current = next;
    if (next !== null) cancelEnd = clock.after(Math.max(0, next.untilMs - clock.now()), () => become(null));
    listeners.emit(next);
  }

  return {
    get current() {
      return current;
    },
    onChange: (listener) => listeners.add(listener),
    follow(hub) {
      const undo = [
        hub.on("StartFastLocation", ({ intervalSeconds, durationSeconds }) =>
          become({ intervalSeconds, untilMs: clock.now() + durationSeconds * 1000 }),
        ),
        hub.on("StopFastLocation", () => become(null)),
      ];
      return () => {
        for (const forget of undo) forget();
      };
    },
    clear: () => become(null),
  };
}
