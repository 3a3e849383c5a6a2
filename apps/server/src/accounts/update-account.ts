import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";

/** Changes the account's settings. Whether devices hear of each other changes for those that are connected too. */
export const updateAccount =
  (app: App): RestHandlers["updateAccount"] =>
  async ({ principal }, { body }) => {
    const { accountId } = principal;
    const account = await app.accounts.update(accountId, body, principal.userId, app.clock.now());
    if (body.devicesSeePeers !== undefined) {
      for (const device of app.devices.list(accountId)) {
        await app.tell.letHearPeers(accountId, device.id, account.devicesSeePeers);
      }
    }
    return account;
  };
