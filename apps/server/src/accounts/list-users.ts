import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { readIdCursor } from "../http/id-cursor.ts";
import { pageOf } from "../http/page-of.ts";

/** The people of the account by id, those who are only invited too. */
export const listUsers =
  (app: App): RestHandlers["listUsers"] =>
  async ({ principal }, { query }) => {
    const after = query.cursor === undefined ? 0 : readIdCursor(query.cursor);
    const found = await app.users.page(principal.accountId, after, query.limit + 1);
    return pageOf(found, query.limit, (member) => String(member.id));
  };
