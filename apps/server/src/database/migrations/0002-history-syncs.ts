import type { Kysely } from "kysely";
import type { ColumnKinds } from "./column-kinds.ts";
import type { MigrationTables } from "./migrate.ts";

/** What a phone was asked for last; how far it is stands in devices.sync_state. */
export async function createHistorySyncs({ schema }: Kysely<MigrationTables>, kind: ColumnKinds): Promise<void> {
  await schema
    .createTable("history_syncs")
    .addColumn("device_id", kind.id, (c) => c.primaryKey().notNull().references("devices.id").onDelete("cascade"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("hours", kind.integer, (c) => c.notNull())
    .addColumn("requested_at", kind.time, (c) => c.notNull())
    .addColumn("received", kind.integer, (c) => c.notNull())
    .addColumn("from_ms", kind.time)
    .addColumn("to_ms", kind.time)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("history_syncs_of_account").on("history_syncs").column("account_id").execute();
}
