import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";

/** Signs a user in. An unknown address and a wrong password look alike and take as long. */
export const login =
  (app: App): RestHandlers["login"] =>
  async ({ userAgent, remoteAddress }, { body }) => {
    const email = body.email.trim().toLowerCase();
    app.signInLimits.take(remoteAddress, email);
    const user = await app.accounts.userByEmail(email);
    const matches = await app.passwords.matches(body.password, user?.passwordHash ?? null);
    if (user === null || !matches || user.disabled) {
      throw new ProblemError(
        "invalid-credentials",
        "The e-mail address or the password is wrong. Check both and try again.",
      );
    }
    return app.sessions.begin(user, user.accountId, userAgent);
  };
