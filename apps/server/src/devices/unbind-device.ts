import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { deviceNotFound } from "./read-devices.ts";

/** Unbinds a device: from here on its token is dead and its connections are closed, then the account hears of it. */
export const unbindDevice =
  (app: App): RestHandlers["unbindDevice"] =>
  async ({ principal }, { params }) => {
    const unbound = await app.deviceRepository.unbind(
      principal.accountId,
      params.id,
      principal.userId,
      app.clock.now(),
    );
    if (!unbound) throw deviceNotFound();
    app.devices.remove(principal.accountId, params.id);
    app.presence.forget(params.id);
    app.tell.disconnectDevice(params.id);
    app.tell.account(principal.accountId).DeviceRemoved({ deviceId: params.id });
    return null;
  };
