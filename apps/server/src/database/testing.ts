// Words for tests that need a real database.
import type { Database, DatabaseLogger, DeviceStateRow, SampleRow } from "./database.ts";
import { openSqlite } from "./sqlite/open.ts";

export const silent: DatabaseLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

export const aDatabase = (): Promise<Database> => openSqlite({ file: ":memory:", logger: silent });

/** An account in Berlin; returns its id. */
export async function anAccount({ queries }: Database, name = "north"): Promise<number> {
  const account = await queries
    .insertInto("accounts")
    .values({
      name,
      country: "DE",
      timezone: "Europe/Berlin",
      speed_unit: "kmh",
      periodic_airplane_mode_off: 0,
      devices_see_peers: 1,
      retention_days: 60,
      created_at: 0,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return account.id;
}

/** A bound device; returns its id. */
export async function aDevice({ queries }: Database, accountId: number, identifier: string | null = null) {
  const device = await queries
    .insertInto("devices")
    .values({ account_id: accountId, name: "van", identifier, bound_at: 0 })
    .returning("id")
    .executeTakeFirstOrThrow();
  return device.id;
}

export const aFix = (of: { deviceId: number; accountId: number; atMs: number } & Partial<SampleRow>): SampleRow => ({
  lat: 52.5,
  lon: 13.4,
  accuracyMeters: null,
  speedMps: null,
  headingDegrees: null,
  altitudeMeters: null,
  batteryPercent: null,
  receivedMs: of.atMs + 100,
  source: "samples",
  ...of,
});

export const aState = (of: { deviceId: number } & Partial<DeviceStateRow>): DeviceStateRow => ({
  lastLat: null,
  lastLon: null,
  lastLocationMs: null,
  batteryPercent: null,
  appVersion: null,
  appLanguage: null,
  appInfoMs: null,
  ...of,
});

/** Times of the fixes kept for a device, oldest first. */
export async function timesOf({ queries }: Database, deviceId: number): Promise<number[]> {
  const rows = await queries
    .selectFrom("location_samples")
    .select("at_ms")
    .where("device_id", "=", deviceId)
    .orderBy("at_ms")
    .execute();
  return rows.map((row) => row.at_ms);
}
