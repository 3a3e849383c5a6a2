import type { App } from "../app.ts";
import { toDevice } from "../devices/live-device.ts";
import type { RestHandlers, UserPrincipal } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { sendDeviceBound } from "./device-bound.ts";
import type { BindOutcome } from "./pending-repository.ts";

/** Binds the phone that shows this code, tells the account, and hands the phone its token. */
export const bindByCode =
  (app: App): RestHandlers["bindByCode"] =>
  async ({ principal, remoteAddress }, { body }) => {
    const entry: Entry = {
      code: body.code,
      name: body.name,
      identifier: body.identifier ?? null,
      principal,
      remoteAddress,
    };
    const outcome = await app.guesses.inTurn(() => useCode(app, entry));
    switch (outcome.kind) {
      case "code-unknown":
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
        app.liveCodes.gone(pendingId);
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

type Entry = { code: string; name: string; identifier: string | null; principal: UserPrincipal; remoteAddress: string };

async function useCode(app: App, { code, name, identifier, principal, remoteAddress }: Entry): Promise<BindOutcome> {
  const { accountId, userId } = principal;
  const now = app.clock.now();
  const wait = app.guesses.waitSeconds(accountId, remoteAddress, await app.pending.liveCodes(now));
  if (wait > 0) {
    throw new ProblemError("rate-limited", `Too many wrong codes. Try again in ${Math.ceil(wait / 60)} min.`, {
      retryAfterSeconds: wait,
    });
  }
  const codeMac = app.digests.ofCode(code);
  const outcome = await app.pending.bind({ codeMac, accountId, name, identifier, boundBy: userId, now });
  if (outcome.kind === "code-unknown") app.guesses.wrong(accountId, remoteAddress);
  return outcome;
}
