import type { Device } from "@dsp-fleet/contract";
import type { Entry } from "../log.ts";

/** What one dashboard shows: the last snapshot, and every event since its hub opened. */
export type View = {
  /** Loaded since the hub opened, and the hub has not closed. */
  readonly isReady: boolean;
  readonly readySince: number;
  readonly devices: ReadonlyMap<number, Device>;
  /** Takes an entry of this dashboard's log; names the devices whose picture changed. */
  take(entry: Entry): readonly number[];
};

export function createView(): View {
  let devices = new Map<number, Device>();
  let early: { event: string; args: unknown[] }[] | null = null;
  let isReady = false;
  let readySince = 0;

  /** The newest fix wins: an event from before the snapshot has an older one. */
  function merge(id: number, news: Partial<Device>): number[] {
    const known = devices.get(id);
    const isOlder = (news.lastLocationAt ?? "") < (known?.lastLocationAt ?? "");
    const { lastLat, lastLon, lastLocationAt } = known ?? {};
    const place = isOlder ? { lastLat, lastLon, lastLocationAt } : {};
    devices.set(id, { ...known, ...news, ...place } as Device);
    return [id];
  }

  function apply(event: string, args: unknown[]): number[] {
    switch (event) {
      case "DeviceAdded":
      case "DeviceChanged": {
        const device = args[0] as Device;
        return merge(device.id, device);
      }
      case "DeviceRemoved": {
        devices.delete(Number(args[0]));
        return [];
      }
      case "DeviceUpdated": {
        const [id, isConnected, lastLat, lastLon, lastLocationAt, batteryLevelPercent, ...rest] = args;
        const [appVersion, appLanguage, appInfoAt, syncState] = rest;
        const place = { lastLat, lastLon, lastLocationAt };
        const news = { isConnected, batteryLevelPercent, appVersion, appLanguage, appInfoAt, syncState, ...place };
        return devices.has(id as number) ? merge(id as number, news as Partial<Device>) : [];
      }
      default:
        return [];
    }
  }

  return {
    get isReady() {
      return isReady;
    },
    get readySince() {
      return readySince;
    },
    get devices() {
      return devices;
    },
    take(entry) {
      switch (entry.what) {
        case "hub-open":
          early = [];
          isReady = false;
          return [];
        case "hub-closed":
          early = null;
          isReady = false;
          return [];
        case "snapshot": {
          if (entry.final || early === null) return [];
          devices = new Map(entry.devices.map((device) => [device.id, device]));
          // What came meanwhile may be newer than the snapshot; the newest of it comes last either way.
          for (const { event, args } of early) apply(event, args);
          early = null;
          isReady = true;
          readySince = entry.at;
          return [...devices.keys()];
        }
        case "event":
          if (isReady) return apply(entry.event, entry.args);
          early?.push(entry);
          return [];
        default:
          return [];
      }
    },
  };
}
