import type { Account, User } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import type { RestHandlers, UserPrincipal } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";

async function profile(app: App, principal: UserPrincipal): Promise<{ user: User; account: Account }> {
  const stored = await app.accounts.user(principal.accountId, principal.userId);
  if (stored === null) throw new ProblemError("unauthorized", "This user is no longer here. Sign in again.");
  const { id, email, displayName, role } = stored;
  return { user: { id, email, displayName, role }, account: await app.accounts.account(principal.accountId) };
}

/** Who is signed in, and the account. */
export const me =
  (app: App): RestHandlers["me"] =>
  ({ principal }) =>
    profile(app, principal);

/** Changes the own display name. */
export const updateMe =
  (app: App): RestHandlers["updateMe"] =>
  async ({ principal }, { body }) => {
    await app.accounts.rename(principal.accountId, principal.userId, body.displayName, app.clock.now());
    return profile(app, principal);
  };

/** The account and its settings. */
export const getAccount =
  (app: App): RestHandlers["getAccount"] =>
  ({ principal }) =>
    app.accounts.account(principal.accountId);
