export { createDevice, type Device, type DeviceOptions } from "./device.ts";
export type { DeviceInfo } from "./device-info.ts";
export type { DeviceSettings, DeviceState } from "./device-state.ts";
export type { Fix } from "./fix.ts";
export type { Network } from "./network.ts";
export type { ReporterCounts } from "./report/reporter.ts";
export type { DeviceStore, QueuedFix, Ring, StoredIdentity } from "./store/device-store.ts";
export { memoryStore } from "./store/memory-store.ts";
