import type { App } from "../app.ts";
import { deviceNotFound, requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { takeFrom } from "../limits/take-from.ts";

/** Asks the phone for the fixes that it has kept: now, and at each connect until it is done. */
export const requestHistorySync =
  (app: App): RestHandlers["requestHistorySync"] =>
  async ({ principal }, { params, body }) => {
    const device = requireDevice(app, principal.accountId, params.id);
    takeFrom(app.history.requests, principal.userId);
    if (!(await app.history.syncs.request(device, body.hours, principal.userId))) throw deviceNotFound();
    return { syncState: "requested" };
  };
