import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { userNotFound } from "./user-problems.ts";

/** Changes the own password. Whoever else was signed in as this user is signed out; this browser stays. */
export const changePassword =
  (app: App): RestHandlers["changePassword"] =>
  async ({ principal, remoteAddress }, { body }) => {
    const user = await app.accounts.user(principal.accountId, principal.userId);
    if (user === null) throw userNotFound();
    // Guessing here is guessing as at the door.
    app.signInLimits.take(remoteAddress, user.email);
    if (!(await app.passwords.matches(body.currentPassword, user.passwordHash))) {
      throw new ProblemError("wrong-password", "The current password is not this one. Nothing was changed.");
    }
    await app.sessions.changePassword(principal, await app.passwords.hash(body.newPassword));
    return null;
  };
