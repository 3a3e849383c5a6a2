import type { Device } from "@dsp-fleet/contract";
import type { DeviceUpdate } from "./device-table.ts";

/** 2026-03-02 09:00:00 UTC: the moment that tests begin at. */
export const nine = Date.UTC(2026, 2, 2, 9);
export const after = (seconds: number): string => new Date(nine + seconds * 1000).toISOString();

/** A connected van of the tests, bound the day before, that has not yet told its place. */
export const aDevice = (values: Partial<Device> = {}): Device => ({
  id: 7,
  name: "Van 07",
  identifier: null,
  isConnected: true,
  lastLat: null,
  lastLon: null,
  lastLocationAt: null,
  batteryLevelPercent: null,
  appVersion: null,
  appLanguage: null,
  appInfoAt: null,
  syncState: "idle",
  platform: null,
  model: null,
  boundAt: after(-86_400),
  version: 1,
  ...values,
});

export const anUpdate = (values: Partial<DeviceUpdate> = {}): DeviceUpdate => ({
  deviceId: 7,
  isConnected: true,
  lastLat: null,
  lastLon: null,
  lastLocationAt: null,
  batteryLevelPercent: null,
  appVersion: null,
  appLanguage: null,
  appInfoAt: null,
  syncState: "idle",
  ...values,
});
