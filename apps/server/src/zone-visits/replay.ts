import type { ZoneIndex } from "../zones/zone-index.ts";
import { crossingsOf, type Fix } from "./crossings.ts";
import type { Visit } from "./visit.ts";

export type Replay = {
  /** Fixes in the order of time. */
  add(fix: Fix): void;
  /** Visits that ended meanwhile. */
  readonly closed: readonly Visit[];
  /** Zone → the visit that is going on. */
  readonly open: ReadonlyMap<number, Visit>;
};

/** Makes visits of a track, from a moment at which the device was in the zones of `begun`. */
export function createReplay(
  index: ZoneIndex,
  device: { readonly accountId: number; readonly deviceId: number },
  begun: Iterable<Visit> = [],
): Replay {
  const open = new Map<number, Visit>();
  for (const visit of begun) open.set(visit.zoneId, { ...visit, leftAt: null });
  const closed: Visit[] = [];
  return {
    closed,
    open,
    add(fix) {
      for (const { zoneId, kind } of crossingsOf(index, open, fix)) {
        const visit = open.get(zoneId);
        if (kind === "entered") {
          const { accountId, deviceId } = device;
          open.set(zoneId, { accountId, deviceId, zoneId, enteredAt: fix.atMs, leftAt: null, addedLate: false });
        } else if (visit !== undefined && fix.atMs > visit.enteredAt) {
          closed.push({ ...visit, leftAt: fix.atMs });
          open.delete(zoneId);
        }
      }
    },
  };
}
