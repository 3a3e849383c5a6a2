import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { deviceNotFound } from "./read-devices.ts";

/**
 * Unbinds a device: from here on its token is dead and its connections are closed; its rescue, if it is in one, is over. Then the
 * account hears of it.
 */
export const unbindDevice =
  (app: App): RestHandlers["unbindDevice"] =>
  ({ principal: { accountId, userId } }, { params: { id: deviceId } }) =>
    unbind(app, { accountId, deviceId, by: userId });

export const unbind = (
  app: App,
  { accountId, deviceId, by }: { accountId: number; deviceId: number; by: number },
): Promise<null> =>
  app.rescues.inTurn(accountId, async () => {
    const now = app.clock.now();
    const unbound = await app.deviceRepository.unbind(accountId, deviceId, by, now);
    if (unbound === null) throw deviceNotFound();
    app.devices.remove(accountId, deviceId);
    app.presence.forget(deviceId);
    app.fastLocation.forget(deviceId);
    if (unbound.endedRescue !== null) app.rescues.ended(unbound.endedRescue);
    app.tell.disconnectDevice(deviceId);
    app.zoneVisits.deviceGone(accountId, deviceId, now);
    app.tell.account(accountId).DeviceRemoved({ deviceId });
    await app.messages.unbound({ accountId, deviceId });
    return null;
  });
