import type { App } from "../app.ts";
import { toDevice } from "../devices/live-device.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { sendDeviceBound } from "./device-bound.ts";

/** Binds the phone that shows this code, tells the account, and hands the phone its token. */
export const bindByCode =
  (app: App): RestHandlers["bindByCode"] =>
  async ({ principal, remoteAddress }, { body }) => {
    const now = app.clock.now();
    const wait = app.guesses.waitSeconds(principal.accountId, remoteAddress, await app.pending.liveCodes(now));
    if (wait > 0) {
      throw new ProblemError("rate-limited", `Too many wrong codes. Try again in ${Math.ceil(wait / 60)} min.`, {
        retryAfterSeconds: wait,
      });
    }
    const outcome = await app.pending.bind({
      codeMac: app.digests.ofCode(body.code),
      accountId: principal.accountId,
      name: body.name,
      identifier: body.identifier ?? null,
      boundBy: principal.userId,
      now,
    });
    switch (outcome.kind) {
      case "code-unknown":
        app.guesses.wrong(principal.accountId, remoteAddress);
        throw new ProblemError(
          "code-unknown",
          "No phone shows this code now. Codes change after 10 minutes: read it from the phone again.",
        );
      case "identifier-taken":
        throw new ProblemError(
          "identifier-taken",
          "Another van of the account has this identifier. Choose another one.",
        );
      case "bound": {
        const { device, pendingId } = outcome;
        app.devices.add(device);
        app.collection.expect(device.id);
        app.tell.account(device.accountId).DeviceAdded({ device: toDevice(device) });
        for (const connectionId of app.pairingConnections.waitingFor(pendingId)) {
          await sendDeviceBound(app, connectionId, device);
        }
        return toDevice(device);
      }
    }
  };
