import type { MessageTemplate } from "@dsp-fleet/contract";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { MessageTemplatesTable } from "../database/schema.ts";

export type TemplateText = Omit<MessageTemplate, "id" | "version">;
/** Who changes templates of which account, and when. */
export type Editor = { readonly accountId: number; readonly userId: number; readonly at: number };
export type TemplateRefusal = { readonly kind: "not-found" | "version-mismatch" };

/** What a dispatcher can still find in a list; a phone reads them in one page. */
export const templatesMaximum = 200;

export type TemplateRepository = ReturnType<typeof templateRepository>;

export const templateRepository = (database: Database) => ({
  /** In the order of their making. */
  async list(accountId: number, after: number, limit: number): Promise<MessageTemplate[]> {
    const rows = await database
      .forAccount(accountId)
      .queries.selectFrom("message_templates")
      .selectAll()
      .where("account_id", "=", accountId)
      .where("id", ">", after)
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(toTemplate);
  },

  /** null when there is no room for another. */
  create: (editor: Editor, text: TemplateText): Promise<MessageTemplate | null> =>
    database.forAccount(editor.accountId).transaction(async (tx) => {
      const { templates } = await tx
        .selectFrom("message_templates")
        .select((eb) => eb.fn.countAll<number>().as("templates"))
        .where("account_id", "=", editor.accountId)
        .executeTakeFirstOrThrow();
      if (templates >= templatesMaximum) return null;
      const row = await tx
        .insertInto("message_templates")
        .values({ account_id: editor.accountId, ...toColumns(text), version: 1 })
        .returningAll()
        .executeTakeFirstOrThrow();
      await audit(tx, editor, "message-template.created", row.id, { after: text });
      return toTemplate(row);
    }),

  /** `version` is the one it is based on; null takes whatever there is. */
  replace: (
    editor: Editor,
    id: number,
    text: TemplateText,
    version: number | null,
  ): Promise<{ kind: "replaced"; template: MessageTemplate } | TemplateRefusal> =>
    database.forAccount(editor.accountId).transaction(async (tx) => {
      const before = await find(tx, editor.accountId, id);
      if (before === null) return { kind: "not-found" };
      if (version !== null && version !== before.version) return { kind: "version-mismatch" };
      const row = await tx
        .updateTable("message_templates")
        .set({ ...toColumns(text), version: before.version + 1 })
        .where("account_id", "=", editor.accountId)
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await audit(tx, editor, "message-template.changed", id, { before: textOf(before), after: text });
      return { kind: "replaced", template: toTemplate(row) };
    }),

  remove: (editor: Editor, id: number, version: number | null): Promise<{ kind: "removed" } | TemplateRefusal> =>
    database.forAccount(editor.accountId).transaction(async (tx) => {
      const before = await find(tx, editor.accountId, id);
      if (before === null) return { kind: "not-found" };
      if (version !== null && version !== before.version) return { kind: "version-mismatch" };
      await tx
        .deleteFrom("message_templates")
        .where("account_id", "=", editor.accountId)
        .where("id", "=", id)
        .execute();
      await audit(tx, editor, "message-template.deleted", id, { before: textOf(before) });
      return { kind: "removed" };
    }),
});

async function find(tx: Queries, accountId: number, id: number): Promise<MessageTemplate | null> {
  const row = await tx
    .selectFrom("message_templates")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? null : toTemplate(row);
}

const audit = (tx: Queries, editor: Editor, action: string, entityId: number, detail: Record<string, unknown>) =>
  recordAudit(tx, {
    accountId: editor.accountId,
    actor: `user:${editor.userId}`,
    action,
    entity: "message-template",
    entityId,
    at: editor.at,
    detail,
  });

const textOf = ({ id: _id, version: _version, ...text }: MessageTemplate): TemplateText => text;

const toColumns = ({ title, body, displaySeconds, quickReplies }: TemplateText) => ({
  title,
  body,
  display_seconds: displaySeconds,
  quick_replies: JSON.stringify(quickReplies),
});

const toTemplate = (row: Selectable<MessageTemplatesTable>): MessageTemplate => ({
  id: row.id,
  title: row.title,
  body: row.body,
  displaySeconds: row.display_seconds,
  quickReplies: JSON.parse(row.quick_replies) as string[],
  version: row.version,
});
