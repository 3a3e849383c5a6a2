import type { Device, SyncState } from "@dsp-fleet/contract";
import { isoTime } from "../clock.ts";

/** A bound device as it is at this moment. Times are ms since 1970, UTC; null is not known. */
export type LiveDevice = {
  readonly id: number;
  readonly accountId: number;
  readonly boundAt: number;
  readonly platform: string | null;
  readonly model: string | null;
  name: string;
  identifier: string | null;
  version: number;
  isConnected: boolean;
  lastLat: number | null;
  lastLon: number | null;
  lastLocationAt: number | null;
  batteryLevelPercent: number | null;
  appVersion: string | null;
  appLanguage: string | null;
  appInfoAt: number | null;
  syncState: SyncState;
};

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** The device as REST and events show it. */
export function toDevice(device: LiveDevice): Device {
  return {
    id: device.id,
    name: device.name,
    identifier: device.identifier,
    isConnected: device.isConnected,
    lastLat: device.lastLat,
    lastLon: device.lastLon,
    lastLocationAt: isoOrNull(device.lastLocationAt),
    batteryLevelPercent: device.batteryLevelPercent,
    appVersion: device.appVersion,
    appLanguage: device.appLanguage,
    appInfoAt: isoOrNull(device.appInfoAt),
    syncState: device.syncState,
    platform: device.platform,
    model: device.model,
    boundAt: isoTime(device.boundAt),
    version: device.version,
  };
}

/** The arguments of DeviceUpdated, in the order of the contract. */
export function toDeviceUpdated(device: LiveDevice) {
  return {
    deviceId: device.id,
    isConnected: device.isConnected,
    lastLat: device.lastLat,
    lastLon: device.lastLon,
    lastLocationAt: isoOrNull(device.lastLocationAt),
    batteryLevelPercent: device.batteryLevelPercent,
    appVersion: device.appVersion,
    appLanguage: device.appLanguage,
    appInfoAt: isoOrNull(device.appInfoAt),
    syncState: device.syncState,
  };
}
