import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { lastOwner, userNotFound } from "./user-problems.ts";

/** Changes role or name, or disables; it holds at once for tokens that are out and connections that are open. */
export const updateUser =
  (app: App): RestHandlers["updateUser"] =>
  async ({ principal }, { params, body }) => {
    const { accountId } = principal;
    const deed = { accountId, by: principal.userId, at: app.clock.now() };
    const outcome = await app.users.change(deed, params.id, body);
    switch (outcome.kind) {
      case "not-found":
        throw userNotFound();
      case "last-owner":
        throw lastOwner();
      case "changed":
        for (const sessionId of outcome.endedSessions) app.members.sessionEnded(sessionId);
        if (outcome.mayAct === null) {
          app.members.drop(params.id);
          app.tell.disconnectUser(accountId, params.id);
        } else {
          app.members.put(outcome.mayAct);
          app.tell.roleIs(accountId, params.id, outcome.mayAct.role);
        }
        return outcome.member;
    }
  };
