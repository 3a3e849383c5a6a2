import type { ExpressionBuilder } from "kysely";
import type { Database } from "../database/database.ts";
import type { Tables } from "../database/schema.ts";
import type { DeviceKey } from "./history-sync-repository.ts";
import type { StoredFix } from "./track-fix.ts";

/** Rows of one page: a few milliseconds of the main thread. */
const pageRows = 2_000;

export type TrackOwner = { readonly deviceId: number; readonly name: string; readonly identifier: string | null };

export type TrackRepository = ReturnType<typeof trackRepository>;

export const trackRepository = (database: Database) => ({
  /** A device of the account, bound or not: what it drove stays the account's. */
  async owner({ accountId, deviceId }: DeviceKey): Promise<TrackOwner | null> {
    const row = await database
      .forAccount(accountId)
      .queries.selectFrom("devices")
      .select(["name", "identifier"])
      .where("account_id", "=", accountId)
      .where("id", "=", deviceId)
      .executeTakeFirst();
    return row === undefined ? null : { deviceId, ...row };
  },

  /** The last fix until `atMs` of every device that was bound then: a few steps down the primary key for each. */
  async fleetAt(accountId: number, atMs: number) {
    // As columns and not as a join, which PostgreSQL would answer by reading every fix of the account.
    const last = <C extends "lat" | "lon" | "at_ms">(eb: ExpressionBuilder<Tables, "devices">, column: C) =>
      eb
        .selectFrom("location_samples")
        .select(column)
        .whereRef("location_samples.device_id", "=", "devices.id")
        .where("location_samples.account_id", "=", accountId)
        .where("location_samples.at_ms", "<=", atMs)
        .orderBy("location_samples.at_ms", "desc")
        .limit(1);
    return database
      .forAccount(accountId)
      .queries.selectFrom("devices")
      .select((eb) => [
        "id as deviceId",
        "name",
        "identifier",
        last(eb, "lat").as("lat"),
        last(eb, "lon").as("lon"),
        last(eb, "at_ms").as("fixMs"),
      ])
      .where("account_id", "=", accountId)
      .where("bound_at", "<=", atMs)
      .where((eb) => eb.or([eb("unbound_at", "is", null), eb("unbound_at", ">", atMs)]))
      .orderBy("id")
      .execute();
  },

  /** Stored fixes with `fromMs` ≤ time < `toMs`, in the order of time, a page at a time; the next is read when it is asked for. */
  async *fixes({ accountId, deviceId }: DeviceKey, fromMs: number, toMs: number): AsyncGenerator<StoredFix[]> {
    for (let from = fromMs; ; ) {
      const rows = await database
        .forAccount(accountId)
        .queries.selectFrom("location_samples")
        .select([
          "at_ms",
          "lat",
          "lon",
          "accuracy_meters",
          "speed_mps",
          "heading_degrees",
          "altitude_meters",
          "battery_percent",
          "received_ms",
          "source",
        ])
        .where("account_id", "=", accountId)
        .where("device_id", "=", deviceId)
        .where("at_ms", ">=", from)
        .where("at_ms", "<", toMs)
        .orderBy("at_ms")
        .limit(pageRows)
        .execute();
      yield rows.map((row) => ({
        atMs: row.at_ms,
        lat: row.lat,
        lon: row.lon,
        accuracyMeters: row.accuracy_meters,
        speedMps: row.speed_mps,
        headingDegrees: row.heading_degrees,
        altitudeMeters: row.altitude_meters,
        batteryPercent: row.battery_percent,
        receivedMs: row.received_ms,
        isLive: row.source === 0,
      }));
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageRows) return;
      from = last.at_ms + 1;
    }
  },
});
