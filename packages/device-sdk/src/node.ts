export { type DeviceStores, openDeviceStores } from "./store/sqlite-store.ts";
