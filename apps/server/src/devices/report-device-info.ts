import type { FleetHandlers } from "../hubs/fleet-hub.ts";
import { takeAppInfo } from "./app-info.ts";

/** Remembers battery and app and shows them to the account. */
export const reportDeviceInfo: FleetHandlers["ReportDeviceInfo"] = ({ app, device }, info) => {
  takeAppInfo(device, info, app.clock.now());
  app.journal.touched(device);
  app.devices.changed(device);
  app.tell.deviceUpdated(device);
  return null;
};
