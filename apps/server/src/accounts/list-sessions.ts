import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { badCursor } from "../http/id-cursor.ts";
import { pageOf } from "../http/page-of.ts";
import type { SessionPosition } from "./sessions.ts";

/** The user's signed-in browsers, the latest first. */
export const listSessions =
  (app: App): RestHandlers["listSessions"] =>
  async ({ principal }, { query }) => {
    const after = query.cursor === undefined ? null : readCursor(query.cursor);
    const found = await app.sessions.list(principal, { after, limit: query.limit + 1 });
    return pageOf(found, query.limit, (last) => `${Date.parse(last.createdAt)}.${last.id}`);
  };

function readCursor(cursor: string): SessionPosition {
  const [, createdAt, id] = /^(\d{1,15})\.([\w-]+)$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) throw badCursor();
  return { createdAt: Number(createdAt), id };
}
