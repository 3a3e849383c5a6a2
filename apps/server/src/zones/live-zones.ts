import type { Zone } from "@dsp-fleet/contract";
import { createZoneIndex, type ZoneIndex } from "./zone-index.ts";
import type { StoredZone } from "./zone-repository.ts";
import { zoneShape } from "./zone-shape.ts";

/** Every zone in memory, by account; rebuilt from the database at start, so that no report and no greeting asks it. */
export type LiveZones = {
  get(accountId: number, zoneId: number): Zone | null;
  /** By id, ascending. */
  list(accountId: number): readonly Zone[];
  /** Null when the account has no zone at all. */
  index(accountId: number): ZoneIndex | null;
  /** A new zone, or a new version of a known one. */
  put(stored: StoredZone): void;
  remove(accountId: number, zoneId: number): void;
};

type AccountZones = { readonly zones: Map<number, Zone>; readonly index: ZoneIndex; list: readonly Zone[] | null };

export function createLiveZones(stored: Iterable<StoredZone>): LiveZones {
  const accounts = new Map<number, AccountZones>();

  const live: LiveZones = {
    get: (accountId, zoneId) => accounts.get(accountId)?.zones.get(zoneId) ?? null,
    list(accountId) {
      const account = accounts.get(accountId);
      if (account === undefined) return [];
      return (account.list ??= [...account.zones.values()].sort((a, b) => a.id - b.id));
    },
    index: (accountId) => accounts.get(accountId)?.index ?? null,
    put({ accountId, zone, drawnAt }) {
      let account = accounts.get(accountId);
      if (account === undefined) {
        account = { zones: new Map(), index: createZoneIndex(), list: null };
        accounts.set(accountId, account);
      }
      account.zones.set(zone.id, zone);
      account.index.put(zoneShape(zone, drawnAt));
      account.list = null;
    },
    remove(accountId, zoneId) {
      const account = accounts.get(accountId);
      if (account === undefined) return;
      account.zones.delete(zoneId);
      account.index.remove(zoneId);
      account.list = null;
      if (account.zones.size === 0) accounts.delete(accountId);
    },
  };
  for (const one of stored) live.put(one);
  return live;
}
