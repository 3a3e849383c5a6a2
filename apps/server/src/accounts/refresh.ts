import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";

/** Trades a refresh token for fresh tokens. */
export const refresh =
  (app: App): RestHandlers["refresh"] =>
  async (_context, { body }) => {
    const refreshed = await app.sessions.refresh(body.refreshToken);
    if (refreshed === null) throw new ProblemError("invalid-refresh-token", "The session has ended. Sign in again.");
    return refreshed.response;
  };
