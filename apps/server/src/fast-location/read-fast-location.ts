import type { App } from "../app.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";

/** The lease that the phone has now, and whether it obeys. */
export const readFastLocation =
  (app: App): RestHandlers["readFastLocation"] =>
  ({ principal }, { params }) => ({
    lease: app.fastLocation.read(requireDevice(app, principal.accountId, params.id).id),
  });
