import type { Device, SyncState } from "@dsp-fleet/contract";

/** A position and the moment it was taken, in milliseconds since 1970. */
export type Fix = { readonly lat: number; readonly lon: number; readonly at: number };

/** A device as the screen knows it: the server's facts, and what follows from its fixes. Replaced, never changed. */
export type LiveDevice = {
  readonly id: number;
  readonly name: string;
  readonly identifier: string | null;
  readonly version: number;
  readonly platform: string | null;
  readonly model: string | null;
  readonly boundAt: number;
  readonly isConnected: boolean;
  readonly batteryPercent: number | null;
  readonly appVersion: string | null;
  readonly appLanguage: string | null;
  readonly infoAt: number | null;
  readonly syncState: SyncState;
  readonly fix: Fix | null;
  /** There was no second position yet to compare with. */
  readonly wasSeenOnce: boolean;
  /** Where it was when it last clearly moved: headings and speeds are measured from here. */
  readonly anchor: Fix | null;
  /** Time of the last fix that was clearly somewhere else; null while it was only seen at one place. */
  readonly movedAt: number | null;
  /** Degrees clockwise from north; null until it moved. */
  readonly headingDegrees: number | null;
  readonly speedMps: number | null;
};

const millis = (time: string | null): number | null => (time === null ? null : Date.parse(time));

export const fixOf = (lat: number | null, lon: number | null, at: string | null): Fix | null =>
  lat === null || lon === null || at === null ? null : { lat, lon, at: Date.parse(at) };

export function liveDevice(device: Device): LiveDevice {
  const fix = fixOf(device.lastLat, device.lastLon, device.lastLocationAt);
  return {
    id: device.id,
    name: device.name,
    identifier: device.identifier,
    version: device.version,
    platform: device.platform,
    model: device.model,
    boundAt: Date.parse(device.boundAt),
    isConnected: device.isConnected,
    batteryPercent: device.batteryLevelPercent,
    appVersion: device.appVersion,
    appLanguage: device.appLanguage,
    infoAt: millis(device.appInfoAt),
    syncState: device.syncState,
    fix,
    wasSeenOnce: true,
    anchor: fix,
    movedAt: null,
    headingDegrees: null,
    speedMps: null,
  };
}
