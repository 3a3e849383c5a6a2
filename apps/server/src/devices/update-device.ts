import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { toDevice } from "./live-device.ts";
import { deviceNotFound, requireDevice } from "./read-devices.ts";

/** Renames a device or changes its identifier, then tells the account. */
export const updateDevice =
  (app: App): RestHandlers["updateDevice"] =>
  async ({ principal, ifMatch }, { params, body }) => {
    const device = requireDevice(app, principal.accountId, params.id);
    const outcome = await app.deviceRepository.change({
      accountId: principal.accountId,
      deviceId: device.id,
      name: body.name,
      identifier: body.identifier,
      version: ifMatch,
      changedBy: principal.userId,
      at: app.clock.now(),
    });
    switch (outcome.kind) {
      case "not-found":
        throw deviceNotFound();
      case "version-mismatch":
        throw new ProblemError(
          "version-mismatch",
          "Somebody changed this device meanwhile. Load it again, then change it.",
        );
      case "identifier-taken":
        throw new ProblemError(
          "identifier-taken",
          "Another van of the account has this identifier. Choose another one.",
        );
      case "changed":
        device.name = outcome.name;
        device.identifier = outcome.identifier;
        device.version = outcome.version;
        app.devices.changed(device);
        app.tell.account(device.accountId).DeviceChanged({ device: toDevice(device) });
        return toDevice(device);
    }
  };
