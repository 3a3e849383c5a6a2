import type { App } from "../app.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { takeFrom } from "../limits/take-from.ts";

/** Ends the dispatcher's lease before its time; without one it is done already. */
export const stopFastLocation =
  (app: App): RestHandlers["stopFastLocation"] =>
  async ({ principal }, { params }) => {
    const { id: deviceId, accountId } = requireDevice(app, principal.accountId, params.id);
    takeFrom(app.fastLocation.requests, principal.userId);
    await app.fastLocation.withdraw({ accountId, deviceId, userId: principal.userId });
    return null;
  };
