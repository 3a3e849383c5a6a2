import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";

const unknown = () =>
  new ProblemError("invitation-unknown", "This link was used, taken back, or is too old. Ask for a new one.");

/** Makes the invited person a user with a password, signed in. */
export const acceptInvite =
  (app: App): RestHandlers["acceptInvite"] =>
  async ({ userAgent, remoteAddress }, { body }) => {
    app.signInLimits.take(remoteAddress, null);
    if (!(await app.users.isInvited(body.token, app.clock.now()))) throw unknown();
    const passwordHash = await app.passwords.hash(body.password);
    const displayName = body.displayName ?? null;
    const accepted = await app.users.accept(body.token, { passwordHash, displayName }, app.clock.now());
    switch (accepted.kind) {
      case "unknown":
        throw unknown();
      case "email-in-use":
        throw new ProblemError("email-in-use", "This e-mail address signs somebody in already. Sign in instead.");
      case "accepted": {
        const { user, accountId } = accepted;
        app.members.put({ userId: user.id, accountId, role: user.role });
        return app.sessions.begin(user, accountId, userAgent);
      }
    }
  };
