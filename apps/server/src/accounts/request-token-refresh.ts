import { principalKey } from "../hubs/fleet-authentication.ts";
import type { FleetHandlers } from "../hubs/fleet-hub.ts";

/** Fresh tokens over a live connection, which goes on under the new identity; null when the token is not good. */
export const requestTokenRefresh: FleetHandlers["RequestTokenRefresh"] = async ({ app, caller }, { refreshToken }) => {
  // A phone has no refresh token; one that shows a user's must not turn into that user.
  if (caller.principal.kind === "device") return null;
  const refreshed = await app.sessions.refresh(refreshToken, caller.principal.accountId);
  // Its session may have ended while it was being renewed.
  if (refreshed === null || app.members.roleOf(refreshed.principal) === null) return null;
  caller.reauthenticate(refreshed.principal, principalKey(refreshed.principal), refreshed.accessExpiresAt);
  return refreshed.response;
};
