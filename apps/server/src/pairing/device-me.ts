import type { App } from "../app.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { deviceSettings } from "./device-bound.ts";

/** The phone's own settings. */
export const deviceMe =
  (app: App): RestHandlers["deviceMe"] =>
  ({ principal, origin }) =>
    deviceSettings(app, requireDevice(app, principal.accountId, principal.deviceId), origin.http);
