import type { App } from "../app.ts";
import { unbind } from "../devices/unbind-device.ts";

/** The server itself: the audit rows that name it are erased next. */
const nobody = 0;

/** Unbinds every device of a closed account, so that whatever lives in memory for one ends as with any other unbinding. */
export async function releaseDevices(app: App, accountId: number): Promise<void> {
  await app.journal.flush();
  for (const device of app.devices.list(accountId)) await unbind(app, { accountId, deviceId: device.id, by: nobody });
}
