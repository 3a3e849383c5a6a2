import type { Database } from "../database/database.ts";
import type { Flag } from "../database/schema.ts";

/** Times in ms since 1970 UTC; `leftAt` null while the device is there. */
export type Visit = {
  readonly accountId: number;
  readonly deviceId: number;
  readonly zoneId: number;
  readonly enteredAt: number;
  readonly leftAt: number | null;
  readonly addedLate: boolean;
};

/** The place of a visit in a list that begins with the latest; `otherId` is the zone's in a device's list, the device's in a zone's. */
export type VisitPlace = { readonly enteredAt: number; readonly otherId: number };

export type VisitSearch = {
  readonly of: { readonly deviceId: number } | { readonly zoneId: number };
  /** Visits that touch the time between; null: without that bound. */
  readonly from: number | null;
  readonly to: number | null;
  readonly minDwellMs: number | null;
  readonly now: number;
  readonly after: VisitPlace | null;
  readonly limit: number;
};

export type VisitRepository = ReturnType<typeof visitRepository>;

export const visitRepository = (database: Database) => ({
  /** The latest first; with the names of their zones, also of deleted ones. */
  async search(accountId: number, search: VisitSearch): Promise<(Visit & { zoneName: string })[]> {
    const { of, from, to, minDwellMs, now, after } = search;
    const other = "deviceId" in of ? "zone_visits.zone_id" : "zone_visits.device_id";
    let query = database
      .forAccount(accountId)
      .queries.selectFrom("zone_visits")
      .innerJoin("zones", "zones.id", "zone_visits.zone_id")
      .select(["device_id", "zone_id", "entered_at", "left_at", "added_late", "zones.name as zone_name"])
      .where("zone_visits.account_id", "=", accountId)
      .where((eb) => ("deviceId" in of ? eb("device_id", "=", of.deviceId) : eb("zone_id", "=", of.zoneId)));
    if (to !== null) query = query.where("entered_at", "<=", to);
    if (from !== null) query = query.where((eb) => eb.or([eb("left_at", "is", null), eb("left_at", ">=", from)]));
    if (minDwellMs !== null)
      query = query.where((eb) =>
        eb.or([
          eb.and([eb("left_at", "is", null), eb("entered_at", "<=", now - minDwellMs)]),
          eb(eb("left_at", "-", eb.ref("entered_at")), ">=", minDwellMs),
        ]),
      );
    if (after !== null)
      query = query.where((eb) =>
        eb.or([
          eb("entered_at", "<", after.enteredAt),
          eb.and([eb("entered_at", "=", after.enteredAt), eb(other, "<", after.otherId)]),
        ]),
      );
    const rows = await query.orderBy("entered_at", "desc").orderBy(other, "desc").limit(search.limit).execute();
    return rows.map((row) => ({ ...toVisit({ ...row, account_id: accountId }), zoneName: row.zone_name }));
  },
});

type VisitColumns = {
  account_id: number;
  device_id: number;
  zone_id: number;
  entered_at: number;
  left_at: number | null;
  added_late: Flag;
};

const toVisit = (row: VisitColumns): Visit => ({
  accountId: row.account_id,
  deviceId: row.device_id,
  zoneId: row.zone_id,
  enteredAt: row.entered_at,
  leftAt: row.left_at,
  addedLate: row.added_late === 1,
});
