import type { Device, EventArgs, FleetHub } from "@dsp-fleet/contract";
import { fixOf, type LiveDevice, liveDevice } from "./live-device.ts";
import { moved } from "./motion.ts";

export type DeviceUpdate = EventArgs<FleetHub, "DeviceUpdated">;

/** A fix stamped later than this beyond the server's clock is refused: it would block every true one after it. */
const furthestAheadMs = 2 * 60_000;

/** The account's devices by id, outside React. Whatever the order of events, the newest fix and version stay. */
export type DeviceTable = {
  readonly get: (id: number) => LiveDevice | undefined;
  readonly all: () => Iterable<LiveDevice>;
  readonly size: () => number;
  /** The ids; another list when devices come, go, or change their name, else the same. */
  readonly roster: () => readonly number[];
  /** False until the first snapshot. */
  readonly isLoaded: () => boolean;
  /** The whole account: what it does not name is gone. */
  readonly snapshot: (devices: readonly Device[]) => void;
  readonly updated: (update: DeviceUpdate) => void;
  readonly put: (device: Device) => void;
  readonly removed: (id: number) => void;
  readonly clear: () => void;
  /** Called with the ids that changed, once for each change. */
  readonly subscribe: (listener: (ids: readonly number[]) => void) => () => void;
};

/** `now` in milliseconds of the server's clock. */
export function createDeviceTable(now: () => number): DeviceTable {
  const devices = new Map<number, LiveDevice>();
  /** Reports that came before their device: kept until the device is known. */
  const early = new Map<number, DeviceUpdate>();
  const listeners = new Set<(ids: readonly number[]) => void>();
  let roster: readonly number[] | null = [];
  let loaded = false;

  const tell = (ids: readonly number[]): void => {
    if (ids.length > 0) for (const listener of listeners) listener(ids);
  };

  const set = (next: LiveDevice): boolean => {
    const before = devices.get(next.id);
    if (before === next) return false;
    devices.set(next.id, next);
    if (before?.name !== next.name || before.identifier !== next.identifier) roster = null;
    return true;
  };

  const take = (device: Device): boolean => {
    const known = devices.get(device.id);
    const fresh = liveDevice(device);
    let next = known === undefined ? fresh : merge(known, fresh, now());
    const report = early.get(device.id);
    if (report !== undefined) {
      early.delete(device.id);
      next = reported(next, report, now());
    }
    return set(next);
  };

  const forget = (id: number): boolean => {
    early.delete(id);
    if (!devices.delete(id)) return false;
    roster = null;
    return true;
  };

  return {
    get: (id) => devices.get(id),
    all: () => devices.values(),
    size: () => devices.size,
    roster: () => (roster ??= [...devices.keys()]),
    isLoaded: () => loaded,
    snapshot(list) {
      const present = new Set(list.map((device) => device.id));
      const gone = [...devices.keys()].filter((id) => !present.has(id));
      const changed = [...gone.filter(forget), ...list.filter(take).map((device) => device.id)];
      early.clear();
      const first = !loaded;
      loaded = true;
      if (first && changed.length === 0) for (const listener of listeners) listener([]);
      else tell(changed);
    },
    updated(update) {
      const known = devices.get(update.deviceId);
      if (known === undefined) early.set(update.deviceId, newer(early.get(update.deviceId), update));
      else if (set(reported(known, update, now()))) tell([update.deviceId]);
    },
    put(device) {
      if (take(device)) tell([device.id]);
    },
    removed(id) {
      if (forget(id)) tell([id]);
    },
    clear() {
      const ids = [...devices.keys()];
      devices.clear();
      early.clear();
      roster = [];
      loaded = false;
      for (const listener of listeners) listener(ids);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const at = (time: string | null): number => (time === null ? Number.NEGATIVE_INFINITY : Date.parse(time));

/** Of two early reports the later one, with the newer of the two fixes. */
function newer(before: DeviceUpdate | undefined, update: DeviceUpdate): DeviceUpdate {
  if (before === undefined || at(before.lastLocationAt) <= at(update.lastLocationAt)) return update;
  const { lastLat, lastLon, lastLocationAt } = before;
  return { ...update, lastLat, lastLon, lastLocationAt };
}

function reported(known: LiveDevice, update: DeviceUpdate, now: number): LiveDevice {
  const infoAt = update.appInfoAt === null ? null : Date.parse(update.appInfoAt);
  const state: LiveDevice = {
    ...known,
    isConnected: update.isConnected,
    syncState: update.syncState,
    batteryPercent: update.batteryLevelPercent ?? known.batteryPercent,
    appVersion: update.appVersion ?? known.appVersion,
    appLanguage: update.appLanguage ?? known.appLanguage,
    infoAt: infoAt ?? known.infoAt,
  };
  return withFix(state, fixOf(update.lastLat, update.lastLon, update.lastLocationAt), now);
}

function merge(known: LiveDevice, fresh: LiveDevice, now: number): LiveDevice {
  const named = fresh.version >= known.version ? fresh : known;
  const state: LiveDevice = {
    ...fresh,
    name: named.name,
    identifier: named.identifier,
    version: named.version,
    batteryPercent: fresh.batteryPercent ?? known.batteryPercent,
    fix: known.fix,
    wasSeenOnce: known.wasSeenOnce,
    anchor: known.anchor,
    movedAt: known.movedAt,
    headingDegrees: known.headingDegrees,
    speedMps: known.speedMps,
  };
  return withFix(state, fresh.fix, now);
}

function withFix(device: LiveDevice, fix: LiveDevice["fix"], now: number): LiveDevice {
  if (fix === null || fix.at > now + furthestAheadMs) return device;
  if (device.fix !== null && fix.at <= device.fix.at) return device;
  return { ...device, ...moved(device, fix), fix, wasSeenOnce: device.fix === null };
}
