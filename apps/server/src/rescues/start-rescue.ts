import type { App } from "../app.ts";
import { deviceNotFound, requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { takeFrom } from "../limits/take-from.ts";
import { toRescue } from "./rescue.ts";

/** Starts a rescue session of two devices of the account, then tells everybody, and the pair of each other. */
export const startRescue =
  (app: App): RestHandlers["startRescue"] =>
  async ({ principal }, { body }) => {
    const { accountId, userId } = principal;
    if (body.rescueeDeviceId === body.rescuerDeviceId) {
      throw new ProblemError("same-device", "A device cannot come to its own rescue. Choose another rescuer.");
    }
    for (const deviceId of [body.rescueeDeviceId, body.rescuerDeviceId]) requireDevice(app, accountId, deviceId);
    takeFrom(app.rescues.requests, userId);
    const outcome = await app.rescues.start({ accountId, ...body, startedBy: userId });
    switch (outcome.kind) {
      case "not-found":
        throw deviceNotFound();
      case "device-in-rescue": {
        const name = app.devices.get(accountId, outcome.deviceId)?.name ?? "The device";
        throw new ProblemError(
          "device-in-rescue",
          `${name} is in a rescue already. End that rescue first, or choose another device.`,
        );
      }
      case "started":
        return toRescue(outcome.rescue);
    }
  };
