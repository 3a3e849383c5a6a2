import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { userNotFound } from "./user-problems.ts";

/**
 * Closes the account for good and erases everything of it. From the answer on every token of its people and phones is dead and every
 * connection closed; the rows go in the background, also over restarts.
 */
export const deleteAccount =
  (app: App): RestHandlers["deleteAccount"] =>
  async ({ principal, remoteAddress }, { body }) => {
    const { accountId, userId } = principal;
    const [account, user] = await Promise.all([app.accounts.account(accountId), app.accounts.user(accountId, userId)]);
    if (user === null) throw userNotFound();
    if (body.accountName !== account.name) {
      throw new ProblemError("invalid-request", "accountName is not the name of this account. Nothing was erased.", {
        errors: { accountName: ["must be the account's name, to the letter"] },
      });
    }
    app.signInLimits.take(remoteAddress, user.email);
    if (!(await app.passwords.matches(body.password, user.passwordHash))) {
      throw new ProblemError("wrong-password", "The password is not this one. Nothing was erased.");
    }
    const closedAt = app.clock.now();
    await app.accounts.close(accountId, userId, closedAt);
    app.members.accountClosed(accountId);
    app.tell.disconnectAccount(
      accountId,
      app.devices.list(accountId).map(({ id }) => id),
    );
    app.housekeeping.erase(accountId);
    return { accountId, closedAt: isoTime(closedAt) };
  };
