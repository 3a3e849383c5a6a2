import type { FleetHub } from "@dsp-fleet/contract";
import { type Clock, fullJitter, type HubClient, type Random, type RestClient } from "@dsp-fleet/fleet-client";
import type { DeviceTable } from "./device-table.ts";

/** `sinceMs` is by the server's clock, as all times on the screen. */
export type LineState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "paused"; readonly sinceMs: number };

export type LiveFeed = {
  readonly state: () => LineState;
  /** Why the first snapshot is still missing; null while nothing went wrong. */
  readonly problem: () => unknown;
  readonly subscribe: (listener: () => void) => () => void;
  readonly start: () => void;
  readonly stop: () => void;
  /** Asks for the snapshot now rather than when its turn comes. */
  readonly retry: () => void;
};

export type LiveFeedOptions = {
  readonly hub: HubClient<FleetHub>;
  readonly rest: Pick<RestClient, "fleetLive">;
  readonly table: DeviceTable;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds by the server's clock. */
  readonly now: () => number;
};

const refusedRetryMs = 15_000;
const snapshotBackoff = { minimumMs: 1_000, maximumMs: 30_000 };

/**
 * Keeps the table true: the whole account at every connect, then each event.
 * The line is live once both are there; events that come before the snapshot count as well, the newest fix wins.
 */
export function createLiveFeed({ hub, rest, table, clock, random, now }: LiveFeedOptions): LiveFeed {
  const listeners = new Set<() => void>();
  const undo: (() => void)[] = [];
  let state: LineState = { kind: "connecting" };
  let problem: unknown = null;
  let loading = new AbortController();
  let cancelRetry = () => {};
  let cancelRestart = () => {};
  let failures = 0;

  const become = (next: LineState): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  const load = async (): Promise<void> => {
    loading.abort();
    cancelRetry();
    const mine = new AbortController();
    loading = mine;
    try {
      const { devices } = await rest.fleetLive({ signal: mine.signal });
      if (mine.signal.aborted) return;
      failures = 0;
      problem = null;
      table.snapshot(devices);
      become(hub.state.kind === "connected" ? { kind: "live" } : state);
    } catch (error) {
      if (mine.signal.aborted) return;
      problem = error;
      cancelRetry = clock.after(fullJitter(snapshotBackoff, failures++, random), () => void load());
      become(state);
    }
  };

  return {
    state: () => state,
    problem: () => problem,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      undo.push(
        hub.on("DeviceUpdated", table.updated),
        hub.on("DeviceAdded", ({ device }) => table.put(device)),
        hub.on("DeviceChanged", ({ device }) => table.put(device)),
        hub.on("DeviceRemoved", ({ deviceId }) => table.removed(deviceId)),
        hub.onConnected(() => void load()),
        hub.onState((next) => {
          if (next.kind === "closed" && next.reason === "unauthorized") {
            // Whoever is still signed in gets another try; whoever is not has left this room.
            become({ kind: "paused", sinceMs: now() });
            cancelRestart = clock.after(refusedRetryMs, hub.start);
          }
          if (next.kind !== "waiting") return;
          become({ kind: "paused", sinceMs: now() - (clock.now() - next.sinceMs) });
          // Without a line the last known positions are still worth seeing.
          if (!table.isLoaded()) void load();
        }),
      );
      hub.start();
    },
    stop() {
      for (const forget of undo.splice(0)) forget();
      loading.abort();
      cancelRetry();
      cancelRestart();
      void hub.stop();
      table.clear();
      problem = null;
      become({ kind: "connecting" });
    },
    retry: () => void load(),
  };
}
