import { type Kysely, sql } from "kysely";
import type { ColumnKinds } from "./column-kinds.ts";

/** Messages with their timelines, message templates, and the keys of requests that may be tried again. */
export async function createMessages({ schema }: Pick<Kysely<unknown>, "schema">, kind: ColumnKinds): Promise<void> {
  await kind
    .withId(schema.createTable("messages"))
    .addColumn("message_id", kind.text, (c) => c.notNull().unique())
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("device_id", kind.id, (c) => c.notNull().references("devices.id").onDelete("cascade"))
    .addColumn("body", kind.text, (c) => c.notNull())
    .addColumn("display_seconds", kind.integer, (c) => c.notNull())
    .addColumn("state", kind.text, (c) =>
      c.notNull().check(sql`state in ('queued', 'sent', 'received', 'seen', 'responded', 'cancelled', 'expired')`),
    )
    .addColumn("created_at", kind.time, (c) => c.notNull())
    .addColumn("expires_at", kind.time, (c) => c.notNull())
    .addColumn("pending_until", kind.time)
    .addColumn("sent_at", kind.time)
    .addColumn("send_count", kind.integer, (c) => c.notNull().defaultTo(0))
    .addColumn("received_at", kind.time)
    .addColumn("seen_at", kind.time)
    .addColumn("responded_at", kind.time)
    .addColumn("response_text", kind.text)
    .addColumn("cancelled_at", kind.time)
    .addColumn("sent_by", kind.id, (c) => c.references("users.id").onDelete("set null"))
    .addColumn("idempotency_id", kind.id)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("messages_of_account").on("messages").columns(["account_id", "id"]).execute();
  await schema
    .createIndex("messages_of_account_by_state")
    .on("messages")
    .columns(["account_id", "state", "id"])
    .execute();
  await schema.createIndex("messages_of_device").on("messages").columns(["device_id", "id"]).execute();
  await schema.createIndex("messages_of_sender").on("messages").column("sent_by").execute();
  await schema
    .createIndex("messages_pending_of_device")
    .on("messages")
    .columns(["device_id", "id"])
    .where(sql.ref("pending_until"), "is not", null)
    .execute();
  await schema
    .createIndex("messages_pending_by_expiry")
    .on("messages")
    .column("pending_until")
    .where(sql.ref("pending_until"), "is not", null)
    .execute();
  await schema
    .createIndex("messages_of_request")
    .on("messages")
    .column("idempotency_id")
    .where(sql.ref("idempotency_id"), "is not", null)
    .execute();

  await kind
    .withId(schema.createTable("idempotency_keys"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("key", kind.text, (c) => c.notNull())
    .addColumn("fingerprint", kind.text, (c) => c.notNull())
    .addColumn("created_at", kind.time, (c) => c.notNull())
    .addUniqueConstraint("idempotency_keys_of_account", ["account_id", "key"])
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("idempotency_keys_by_age").on("idempotency_keys").column("created_at").execute();

  await kind
    .withId(schema.createTable("message_templates"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("title", kind.text, (c) => c.notNull())
    .addColumn("body", kind.text, (c) => c.notNull())
    .addColumn("display_seconds", kind.integer, (c) => c.notNull())
    .addColumn("quick_replies", kind.text, (c) => c.notNull())
    .addColumn("version", kind.integer, (c) => c.notNull().defaultTo(1))
    .modifyEnd(kind.table)
    .execute();
  await schema
    .createIndex("message_templates_of_account")
    .on("message_templates")
    .columns(["account_id", "id"])
    .execute();
}
