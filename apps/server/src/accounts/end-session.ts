import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";

/** Ends one of the user's own sessions, this one too if it is named. */
export const endSession =
  (app: App): RestHandlers["endSession"] =>
  async ({ principal }, { params }) => {
    if (!(await app.sessions.endOne(params.id, principal))) {
      throw new ProblemError("not-found", "There is no such session that is open.");
    }
    return null;
  };
