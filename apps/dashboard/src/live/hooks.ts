import { useCallback, useSyncExternalStore } from "react";
import { useFleet } from "../fleet-context.tsx";
import type { LiveDevice } from "./live-device.ts";
import type { LineState } from "./live-feed.ts";

/** The server's time, once a second. */
export function useNow(): number {
  const { ticker } = useFleet();
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}

/** One device; draws again when that one changes. */
export function useDevice(id: number): LiveDevice | undefined {
  const { table } = useFleet();
  const subscribe = useCallback(
    (listener: () => void) =>
      table.subscribe((ids) => {
        if (ids.includes(id)) listener();
      }),
    [table, id],
  );
  return useSyncExternalStore(subscribe, () => table.get(id));
}

/** The ids of all devices; another list when devices come, go or are renamed. */
export function useRoster(): readonly number[] {
  const { table } = useFleet();
  return useSyncExternalStore(table.subscribe, table.roster);
}

export function useIsLoaded(): boolean {
  const { table } = useFleet();
  return useSyncExternalStore(table.subscribe, table.isLoaded);
}

export function useLine(): LineState {
  const { feed } = useFleet();
  return useSyncExternalStore(feed.subscribe, feed.state);
}

/** Why the vans are not there yet; null while nothing went wrong. */
export function useLoadProblem(): unknown {
  const { feed } = useFleet();
  return useSyncExternalStore(feed.subscribe, feed.problem);
}
