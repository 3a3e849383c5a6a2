import type { Kysely } from "kysely";
import { DatabaseOpenError } from "../errors.ts";
import { createFirstPath } from "./0001-first-path.ts";
import { createHistorySyncs } from "./0002-history-syncs.ts";
import { createRescueTables } from "./0003-rescues.ts";
import { addPeople } from "./0004-people.ts";
import { createMessages } from "./0005-messages.ts";
import { createZones } from "./0006-zones.ts";
import type { ColumnKinds } from "./column-kinds.ts";

export type Migration = {
  /** 1, 2, 3 … without a gap; a published one is never changed. */
  readonly version: number;
  readonly name: string;
  up(db: Kysely<MigrationTables>, kind: ColumnKinds): Promise<void>;
};

export const migrations: readonly Migration[] = [
  { version: 1, name: "first-path", up: createFirstPath },
  { version: 2, name: "history-syncs", up: createHistorySyncs },
  { version: 3, name: "rescues", up: createRescueTables },
  { version: 4, name: "people", up: addPeople },
  { version: 5, name: "messages", up: createMessages },
  { version: 6, name: "zones", up: createZones },
];

/** The one table every version has; a step names the others in its own words, for today's types are not those of its time. */
export type MigrationTables = { schema_migrations: { version: number; name: string; applied_at: number } };

export type MigrateOptions = {
  readonly kind: ColumnKinds;
  /** The database in words of a message: its file. */
  readonly where: string;
  readonly now: () => number;
  readonly migrations?: readonly Migration[];
};

/** Brings the tables to this program's version, each step in its own transaction. Returns the names of the steps taken.
 *  DatabaseOpenError: newer than this program; nothing is changed then. */
export async function migrate(db: Kysely<MigrationTables>, options: MigrateOptions): Promise<string[]> {
  const steps = options.migrations ?? migrations;
  await db.schema
    .createTable("schema_migrations")
    .ifNotExists()
    .addColumn("version", options.kind.integer, (c) => c.primaryKey().notNull())
    .addColumn("name", options.kind.text, (c) => c.notNull())
    .addColumn("applied_at", options.kind.time, (c) => c.notNull())
    .modifyEnd(options.kind.table)
    .execute();
  const applied = await db.selectFrom("schema_migrations").select(["version", "name"]).orderBy("version").execute();
  const unknown = applied.find((row) => steps.every((step) => step.version !== row.version || step.name !== row.name));
  if (unknown !== undefined)
    throw new DatabaseOpenError(
      "newer",
      `${options.where} was made by a newer version of this program (its step ${unknown.version}, "${unknown.name}", is not known here; this version knows ${steps.length}). Nothing was changed. Start the newer version, or restore a backup from before its first start.`,
    );
  const taken: string[] = [];
  for (const step of steps) {
    if (applied.some((row) => row.version === step.version)) continue;
    await db.transaction().execute(async (tx) => {
      await step.up(tx, options.kind);
      const row = { version: step.version, name: step.name, applied_at: options.now() };
      await tx.insertInto("schema_migrations").values(row).execute();
    });
    taken.push(step.name);
  }
  return taken;
}
