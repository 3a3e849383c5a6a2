import { type Kysely, sql } from "kysely";
import type { ColumnKinds } from "./column-kinds.ts";

/** Zones, and which devices were in them when. */
export async function createZones({ schema }: Pick<Kysely<unknown>, "schema">, kind: ColumnKinds): Promise<void> {
  await kind
    .withId(schema.createTable("zones"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("name", kind.text, (c) => c.notNull())
    .addColumn("color", kind.text, (c) => c.notNull())
    .addColumn("kind", kind.text, (c) => c.notNull())
    .addColumn("geometry", kind.text, (c) => c.notNull())
    .addColumn("radius_meters", kind.real)
    .addColumn("speed_limit_kmh", kind.real)
    .addColumn("corners", kind.integer, (c) => c.notNull())
    .addColumn("version", kind.integer, (c) => c.notNull())
    .addColumn("created_at", kind.time, (c) => c.notNull())
    .addColumn("drawn_at", kind.time, (c) => c.notNull())
    .addColumn("updated_at", kind.time, (c) => c.notNull())
    .addColumn("deleted_at", kind.time)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("zones_of_account").on("zones").column("account_id").execute();

  await schema
    .createTable("zone_visits")
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("device_id", kind.id, (c) => c.notNull().references("devices.id").onDelete("cascade"))
    .addColumn("zone_id", kind.id, (c) => c.notNull().references("zones.id").onDelete("cascade"))
    .addColumn("entered_at", kind.time, (c) => c.notNull())
    .addColumn("left_at", kind.time, (c) => c.check(sql`left_at > entered_at`))
    .addColumn("added_late", kind.integer, (c) => c.notNull().check(sql`added_late in (0, 1)`))
    .addPrimaryKeyConstraint("zone_visits_key", ["device_id", "entered_at", "zone_id"])
    .modifyEnd(kind.tableInKeyOrder)
    .execute();
  await schema
    .createIndex("zone_visits_of_zone")
    .on("zone_visits")
    .columns(["zone_id", "entered_at", "device_id"])
    .execute();
  await schema.createIndex("zone_visits_of_account").on("zone_visits").columns(["account_id", "entered_at"]).execute();
  await schema
    .createIndex("zone_visits_open")
    .unique()
    .on("zone_visits")
    .columns(["device_id", "zone_id"])
    .where(sql.ref("left_at"), "is", null)
    .execute();
}
