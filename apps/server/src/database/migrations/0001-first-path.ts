import { type Kysely, sql } from "kysely";
import type { ColumnKinds } from "./column-kinds.ts";

/** Accounts, users and their sessions; devices, pairing and positions; audit. */
export async function createFirstPath({ schema }: Pick<Kysely<unknown>, "schema">, kind: ColumnKinds): Promise<void> {
  await kind
    .withId(schema.createTable("accounts"))
    .addColumn("name", kind.text, (c) => c.notNull())
    .addColumn("country", kind.text, (c) => c.notNull())
    .addColumn("timezone", kind.text, (c) => c.notNull())
    .addColumn("speed_unit", kind.text, (c) => c.notNull().check(sql`speed_unit in ('mph', 'kmh')`))
    .addColumn("periodic_airplane_mode_off", kind.integer, (c) =>
      c.notNull().check(sql`periodic_airplane_mode_off in (0, 1)`),
    )
    .addColumn("devices_see_peers", kind.integer, (c) => c.notNull().check(sql`devices_see_peers in (0, 1)`))
    .addColumn("retention_days", kind.integer, (c) => c.notNull())
    .addColumn("created_at", kind.time, (c) => c.notNull())
    .modifyEnd(kind.table)
    .execute();

  await kind
    .withId(schema.createTable("users"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("email", kind.text, (c) => c.notNull().unique())
    .addColumn("display_name", kind.text, (c) => c.notNull())
    .addColumn("role", kind.text, (c) => c.notNull().check(sql`role in ('owner', 'dispatcher', 'viewer')`))
    .addColumn("password_hash", kind.text, (c) => c.notNull())
    .addColumn("created_at", kind.time, (c) => c.notNull())
    .addColumn("disabled_at", kind.time)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("users_of_account").on("users").column("account_id").execute();

  await schema
    .createTable("sessions")
    .addColumn("id", kind.text, (c) => c.primaryKey().notNull())
    .addColumn("user_id", kind.id, (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("created_at", kind.time, (c) => c.notNull())
    .addColumn("ended_at", kind.time)
    .addColumn("end_reason", kind.text)
    .addColumn("user_agent", kind.text)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("sessions_of_user").on("sessions").column("user_id").execute();
  await schema.createIndex("sessions_of_account").on("sessions").column("account_id").execute();

  await schema
    .createTable("refresh_tokens")
    .addColumn("token_hash", kind.text, (c) => c.primaryKey().notNull())
    .addColumn("session_id", kind.text, (c) => c.notNull().references("sessions.id").onDelete("cascade"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("sequence", kind.integer, (c) => c.notNull())
    .addColumn("issued_at", kind.time, (c) => c.notNull())
    .addColumn("expires_at", kind.time, (c) => c.notNull())
    .addColumn("spent_at", kind.time)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("refresh_tokens_of_session").on("refresh_tokens").column("session_id").execute();
  await schema.createIndex("refresh_tokens_of_account").on("refresh_tokens").column("account_id").execute();

  await kind
    .withId(schema.createTable("devices"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("name", kind.text, (c) => c.notNull())
    .addColumn("identifier", kind.text)
    .addColumn("guid_hash", kind.text)
    .addColumn("platform", kind.text)
    .addColumn("model", kind.text)
    .addColumn("os_version", kind.text)
    .addColumn("bound_at", kind.time, (c) => c.notNull())
    .addColumn("bound_by", kind.id, (c) => c.references("users.id").onDelete("set null"))
    .addColumn("unbound_at", kind.time)
    .addColumn("version", kind.integer, (c) => c.notNull().defaultTo(1))
    .addColumn("last_lat", kind.real)
    .addColumn("last_lon", kind.real)
    .addColumn("last_location_ms", kind.time)
    .addColumn("battery_percent", kind.real)
    .addColumn("app_version", kind.text)
    .addColumn("app_language", kind.text)
    .addColumn("app_info_ms", kind.time)
    .addColumn("sync_state", kind.text, (c) =>
      c.notNull().defaultTo("idle").check(sql`sync_state in ('idle', 'requested', 'syncing', 'synced', 'failed')`),
    )
    .modifyEnd(kind.table)
    .execute();
  await schema
    .createIndex("devices_identifier_while_bound")
    .unique()
    .on("devices")
    .columns(["account_id", "identifier"])
    .where(sql.ref("unbound_at"), "is", null)
    .execute();
  await schema.createIndex("devices_of_account").on("devices").column("account_id").execute();
  await schema.createIndex("devices_by_guid").on("devices").column("guid_hash").execute();

  await kind
    .withId(schema.createTable("pending_devices"))
    .addColumn("guid_hash", kind.text)
    .addColumn("code_mac", kind.text, (c) => c.notNull().unique())
    .addColumn("created_at", kind.time, (c) => c.notNull())
    .addColumn("expires_at", kind.time, (c) => c.notNull())
    .addColumn("platform", kind.text)
    .addColumn("model", kind.text)
    .addColumn("os_version", kind.text)
    .addColumn("app_version", kind.text)
    .addColumn("app_language", kind.text)
    .addColumn("account_id", kind.id, (c) => c.references("accounts.id").onDelete("cascade"))
    .addColumn("device_id", kind.id, (c) => c.references("devices.id").onDelete("cascade"))
    .addColumn("bound_at", kind.time)
    .addColumn("collected_at", kind.time)
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("pending_devices_by_guid").on("pending_devices").column("guid_hash").execute();
  await schema.createIndex("pending_devices_by_expiry").on("pending_devices").column("expires_at").execute();
  await schema.createIndex("pending_devices_of_account").on("pending_devices").column("account_id").execute();
  await schema.createIndex("pending_devices_of_device").on("pending_devices").column("device_id").execute();

  // No foreign key: one device erased in this moment would spoil the whole batch. The writer asks for the device itself.
  await schema
    .createTable("location_samples")
    .addColumn("device_id", kind.id, (c) => c.notNull())
    .addColumn("at_ms", kind.time, (c) => c.notNull())
    .addColumn("account_id", kind.id, (c) => c.notNull())
    .addColumn("lat", kind.real, (c) => c.notNull())
    .addColumn("lon", kind.real, (c) => c.notNull())
    .addColumn("accuracy_meters", kind.real)
    .addColumn("speed_mps", kind.real)
    .addColumn("heading_degrees", kind.real)
    .addColumn("altitude_meters", kind.real)
    .addColumn("battery_percent", kind.real)
    .addColumn("received_ms", kind.time, (c) => c.notNull())
    .addColumn("source", kind.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint("location_samples_key", ["device_id", "at_ms"])
    .modifyEnd(kind.tableOfSamples)
    .execute();

  await kind
    .withId(schema.createTable("audit"))
    .addColumn("account_id", kind.id, (c) => c.notNull().references("accounts.id").onDelete("cascade"))
    .addColumn("actor", kind.text, (c) => c.notNull())
    .addColumn("action", kind.text, (c) => c.notNull())
    .addColumn("entity", kind.text, (c) => c.notNull())
    .addColumn("entity_id", kind.text, (c) => c.notNull())
    .addColumn("at", kind.time, (c) => c.notNull())
    .addColumn("detail", kind.text, (c) => c.notNull())
    .modifyEnd(kind.table)
    .execute();
  await schema.createIndex("audit_of_account").on("audit").columns(["account_id", "at"]).execute();
}
