import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import type { RestHandlers } from "../http/context.ts";
import { readIdCursor } from "../http/id-cursor.ts";
import { pageOf } from "../http/page-of.ts";

/** Who changed what, the latest first. */
export const listAudit =
  (app: App): RestHandlers["listAudit"] =>
  async ({ principal }, { query }) => {
    let rows = app.database
      .forAccount(principal.accountId)
      .queries.selectFrom("audit")
      .selectAll()
      .where("account_id", "=", principal.accountId)
      .orderBy("id", "desc")
      .limit(query.limit + 1);
    if (query.cursor !== undefined) rows = rows.where("id", "<", readIdCursor(query.cursor));
    if (query.actor !== undefined) rows = rows.where("actor", "=", query.actor);
    if (query.from !== undefined) rows = rows.where("at", ">=", Date.parse(query.from));
    if (query.to !== undefined) rows = rows.where("at", "<", Date.parse(query.to));
    const [entity, entityId] = query.entity?.split(":", 2) ?? [];
    if (entity !== undefined) rows = rows.where("entity", "=", entity);
    if (entityId !== undefined) rows = rows.where("entity_id", "=", entityId);
    const { items, nextCursor } = pageOf(await rows.execute(), query.limit, (last) => String(last.id));
    return {
      items: items.map((row) => ({
        id: row.id,
        at: isoTime(row.at),
        actor: row.actor,
        action: row.action,
        entity: row.entity,
        entityId: row.entity_id,
        detail: JSON.parse(row.detail) as Record<string, unknown>,
      })),
      nextCursor,
    };
  };
