import { syncState } from "@dsp-fleet/contract";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { DevicesTable } from "../database/schema.ts";
import type { EndedRescue } from "../rescues/rescue.ts";
import { cancelRescueOf } from "../rescues/rescue-repository.ts";
import { closeVisits } from "../zone-visits/visit-repository.ts";
import type { LiveDevice } from "./live-device.ts";

export type DeviceChange = {
  accountId: number;
  deviceId: number;
  /** undefined leaves it as it is. */
  name: string | undefined;
  identifier: string | null | undefined;
  /** The version it is based on; null takes whatever there is. */
  version: number | null;
  changedBy: number;
  at: number;
};

export type DeviceChanged = { kind: "changed"; name: string; identifier: string | null; version: number };
export type DeviceRefused = { kind: "not-found" | "version-mismatch" | "identifier-taken" };

export type Unbound = { endedRescue: EndedRescue | null };

export type DeviceRepository = ReturnType<typeof deviceRepository>;

export const deviceRepository = (database: Database) => ({
  /** Every bound device of every account: for the live store at start. */
  async bound(): Promise<LiveDevice[]> {
    const rows = await database.queries.selectFrom("devices").selectAll().where("unbound_at", "is", null).execute();
    const devices = new Map(rows.map((row) => [row.id, toLiveDevice(row)]));
    for (const fix of await newerFixes(database.queries)) {
      const device = devices.get(fix.device_id);
      // A clock that ran ahead does not make a fix later than its arrival.
      const at = Math.min(fix.at_ms, fix.received_ms);
      if (device === undefined || at < (device.lastLocationAt ?? 0)) continue;
      device.lastLat = fix.lat;
      device.lastLon = fix.lon;
      device.lastLocationAt = at;
      device.batteryLevelPercent = fix.battery_percent ?? device.batteryLevelPercent;
    }
    return [...devices.values()];
  },

  change: (change: DeviceChange): Promise<DeviceChanged | DeviceRefused> =>
    database.forAccount(change.accountId).transaction(async (tx) => {
      const row = await tx
        .selectFrom("devices")
        .select(["version", "name", "identifier"])
        .where("account_id", "=", change.accountId)
        .where("id", "=", change.deviceId)
        .where("unbound_at", "is", null)
        .executeTakeFirst();
      if (row === undefined) return { kind: "not-found" };
      if (change.version !== null && change.version !== row.version) return { kind: "version-mismatch" };
      const name = change.name ?? row.name;
      const identifier = change.identifier === undefined ? row.identifier : change.identifier;
      const version = row.version + 1;
      if (await identifierTaken(tx, change.accountId, identifier, change.deviceId)) return { kind: "identifier-taken" };
      await tx
        .updateTable("devices")
        .set({ name, identifier, version })
        .where("account_id", "=", change.accountId)
        .where("id", "=", change.deviceId)
        .execute();
      await recordAudit(tx, {
        accountId: change.accountId,
        actor: `user:${change.changedBy}`,
        action: "device.changed",
        entity: "device",
        entityId: change.deviceId,
        at: change.at,
        detail: {
          before: { name: row.name, identifier: row.identifier },
          after: { name, identifier },
        },
      });
      return { kind: "changed", name, identifier, version };
    }),

  /** Also ends the rescue that it is in, and its visits. Null when there is no such bound device. */
  unbind: (accountId: number, deviceId: number, unboundBy: number, at: number): Promise<Unbound | null> =>
    database.forAccount(accountId).transaction(async (tx) => {
      const unbound = await tx
        .updateTable("devices")
        .set({ unbound_at: at })
        .where("account_id", "=", accountId)
        .where("id", "=", deviceId)
        .where("unbound_at", "is", null)
        .returning("id")
        .executeTakeFirst();
      if (unbound === undefined) return null;
      await closeVisits(tx, accountId, { deviceId }, at);
      const endedRescue = await cancelRescueOf(tx, { accountId, deviceId, unboundBy, at });
      await recordAudit(tx, {
        accountId,
        actor: `user:${unboundBy}`,
        action: "device.unbound",
        entity: "device",
        entityId: deviceId,
        at,
      });
      return { endedRescue };
    }),
});

/** Fixes that came after their device's row was last written: a few seconds' worth, oldest first. */
function newerFixes(queries: Queries) {
  return queries
    .selectFrom("devices")
    .innerJoin("location_samples", (join) =>
      join
        .onRef("location_samples.device_id", "=", "devices.id")
        .onRef("location_samples.at_ms", ">", (eb) => eb.fn.coalesce("devices.last_location_ms", eb.val(0))),
    )
    .select(["device_id", "at_ms", "received_ms", "lat", "lon", "location_samples.battery_percent"])
    .where("devices.unbound_at", "is", null)
    .orderBy("at_ms")
    .execute();
}

export async function identifierTaken(
  tx: Queries,
  accountId: number,
  identifier: string | null,
  exceptDeviceId: number | null,
): Promise<boolean> {
  if (identifier === null) return false;
  const holder = await tx
    .selectFrom("devices")
    .select("id")
    .where("account_id", "=", accountId)
    .where("identifier", "=", identifier)
    .where("unbound_at", "is", null)
    .executeTakeFirst();
  return holder !== undefined && holder.id !== exceptDeviceId;
}

export function toLiveDevice(row: Selectable<DevicesTable>): LiveDevice {
  return {
    id: row.id,
    accountId: row.account_id,
    boundAt: row.bound_at,
    platform: row.platform,
    model: row.model,
    name: row.name,
    identifier: row.identifier,
    version: row.version,
    isConnected: false,
    lastLat: row.last_lat,
    lastLon: row.last_lon,
    lastLocationAt: row.last_location_ms,
    batteryLevelPercent: row.battery_percent,
    appVersion: row.app_version,
    appLanguage: row.app_language,
    appInfoAt: row.app_info_ms,
    syncState: syncState.parse(row.sync_state),
  };
}
