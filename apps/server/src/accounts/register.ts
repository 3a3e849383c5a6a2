import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";

/** Makes an account with its owner and signs the owner in. */
export const register =
  (app: App): RestHandlers["register"] =>
  async ({ userAgent, remoteAddress }, { body }) => {
    app.signInLimits.take(remoteAddress, null);
    const passwordHash = await app.passwords.hash(body.password);
    const created = await app.accounts.create(
      { name: body.accountName, country: body.country, timezone: body.timezone, createdAt: app.clock.now() },
      { email: body.email.toLowerCase(), displayName: body.displayName, passwordHash },
    );
    if (created === null) {
      throw new ProblemError("email-in-use", "An account with this e-mail address exists. Sign in instead.");
    }
    app.members.put({ userId: created.user.id, accountId: created.account.id, role: "owner" });
    return app.sessions.begin(created.user, created.account.id, userAgent);
  };
