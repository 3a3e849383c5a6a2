import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { readIdCursor } from "../http/id-cursor.ts";
import { ProblemError } from "../http/problem.ts";
import { toRescue } from "./rescue.ts";

export const rescueNotFound = () => new ProblemError("not-found", "There is no such rescue session.");

/** One session, open or past. */
export const getRescue =
  (app: App): RestHandlers["getRescue"] =>
  async ({ principal }, { params }) => {
    const rescue = await app.rescueRepository.find(principal.accountId, params.id);
    if (rescue === null) throw rescueNotFound();
    return toRescue(rescue);
  };

/** The account's sessions, the latest first. */
export const listRescues =
  (app: App): RestHandlers["listRescues"] =>
  async ({ principal }, { query }) => {
    const found = await app.rescueRepository.list({
      accountId: principal.accountId,
      state: query.state,
      from: query.from === undefined ? undefined : Date.parse(query.from),
      to: query.to === undefined ? undefined : Date.parse(query.to),
      before: query.cursor === undefined ? undefined : readIdCursor(query.cursor),
      limit: query.limit + 1,
    });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(toRescue),
      nextCursor: last !== undefined && found.length > page.length ? String(last.id) : null,
    };
  };
