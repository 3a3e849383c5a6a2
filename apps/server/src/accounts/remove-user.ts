import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { lastOwner, userNotFound } from "./user-problems.ts";

/** Removes somebody: from here on their tokens are dead and their connections are closed. */
export const removeUser =
  (app: App): RestHandlers["removeUser"] =>
  async ({ principal }, { params }) => {
    const { accountId } = principal;
    const outcome = await app.users.remove({ accountId, by: principal.userId, at: app.clock.now() }, params.id);
    switch (outcome.kind) {
      case "not-found":
        throw userNotFound();
      case "last-owner":
        throw lastOwner();
      case "removed":
        app.members.drop(params.id);
        app.tell.disconnectUser(accountId, params.id);
        return null;
    }
  };
