import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { takeFrom } from "../limits/take-from.ts";

/** Remembers the lease, then asks the phone to report more often; one that is away hears it when it connects. */
export const startFastLocation =
  (app: App): RestHandlers["startFastLocation"] =>
  async ({ principal }, { params, body }) => {
    const { id: deviceId, accountId } = requireDevice(app, principal.accountId, params.id);
    takeFrom(app.fastLocation.requests, principal.userId);
    const isBound = () => app.devices.get(accountId, deviceId) !== null;
    const request = { accountId, deviceId, ...body, userId: principal.userId };
    return { expiresAt: isoTime(await app.fastLocation.give(request, isBound)) };
  };
