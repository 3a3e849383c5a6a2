import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { randomSecret } from "../random.ts";

/** Invites somebody. The link is in this answer and nowhere else: no mail is sent, the owner hands it on. */
export const inviteUser =
  (app: App): RestHandlers["inviteUser"] =>
  async ({ principal, origin }, { body }) => {
    const token = randomSecret(app.random);
    const invited = await app.users.invite(
      { accountId: principal.accountId, by: principal.userId, at: app.clock.now() },
      { email: body.email.toLowerCase(), role: body.role, displayName: body.displayName ?? null, token },
    );
    if (invited === null) throw new ProblemError("email-in-use", "Somebody signs in with this e-mail address already.");
    return {
      member: invited.member,
      token,
      // Behind the #, so that no server and no log on the way gets to see it.
      inviteUrl: `${origin.http}/accept-invite#${token}`,
      expiresAt: isoTime(invited.expiresAt),
    };
  };
