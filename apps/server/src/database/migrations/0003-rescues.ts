import { type Kysely, sql } from "kysely";
import type { ColumnKinds } from "./column-kinds.ts";

/** Fast-location leases, and rescue sessions with the devices of those that are open. */
export async function createRescueTables(
  { schema }: Pick<Kysely<unknown>, "schema">,
  kind: ColumnKinds,
): Promise<void> {
  await schema
    .createTable("fast_location_leases")
    .addColumn("device_id", kind.id, (c) => c.primaryKey().notNull().references("devices.id").onDelete("cascade"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("interval_seconds", kind.integer, (c) => c.notNull())
    .addColumn("started_at", kind.time, (c) => c.notNull())
    .addColumn("expires_at", kind.time, (c) => c.notNull())
    .addColumn("ended_at", kind.time)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("fast_location_leases_of_account").on("fast_location_leases").column("account_id").execute();

  await kind
    .withId(schema.createTable("rescues"))
    .addColumn("session_id", kind.text, (c) => c.notNull().unique())
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("rescuee_device_id", kind.id, (c) => c.notNull().references("devices.id").onDelete("cascade"))
    .addColumn("rescuer_device_id", kind.id, (c) => c.notNull().references("devices.id").onDelete("cascade"))
    .addColumn("started_at", kind.time, (c) => c.notNull())
    .addColumn("started_by", kind.id, (c) => c.references("users.id").onDelete("set null"))
    .addColumn("ended_at", kind.time)
    .addColumn("end_reason", kind.text, (c) => c.check(sql`end_reason in ('completed', 'cancelled_by_dispatcher')`))
    .addColumn("rescuee_missed_end", kind.integer, (c) => c.notNull().check(sql`rescuee_missed_end in (0, 1)`))
    .addColumn("rescuer_missed_end", kind.integer, (c) => c.notNull().check(sql`rescuer_missed_end in (0, 1)`))
    .addCheckConstraint("rescues_two_devices", sql`rescuee_device_id <> rescuer_device_id`)
    .addCheckConstraint("rescues_end_whole", sql`(ended_at is null) = (end_reason is null)`)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("rescues_of_account").on("rescues").columns(["account_id", "id"]).execute();
  await schema.createIndex("rescues_of_rescuee").on("rescues").column("rescuee_device_id").execute();
  await schema.createIndex("rescues_of_rescuer").on("rescues").column("rescuer_device_id").execute();
  await schema.createIndex("rescues_of_starter").on("rescues").column("started_by").execute();

  await schema
    .createTable("rescue_participants")
    .addColumn("device_id", kind.id, (c) => c.primaryKey().notNull().references("devices.id").onDelete("cascade"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("rescue_id", kind.id, (c) => c.notNull().references("rescues.id").onDelete("cascade"))
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("rescue_participants_of_account").on("rescue_participants").column("account_id").execute();
  await schema.createIndex("rescue_participants_of_rescue").on("rescue_participants").column("rescue_id").execute();
}
