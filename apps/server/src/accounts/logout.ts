import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";

/** Ends the session that the refresh token belongs to; a token that is none of the user's is passed over. */
export const logout =
  (app: App): RestHandlers["logout"] =>
  async ({ principal }, { body }) => {
    await app.sessions.end(body.refreshToken, principal);
    return null;
  };
