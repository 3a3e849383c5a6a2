import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { Flag } from "../database/schema.ts";
import type { Visit } from "./visit.ts";

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

  /** Every visit that is going on, of every account: for the memory at start. */
  async open(): Promise<Visit[]> {
    const rows = await database.queries.selectFrom("zone_visits").selectAll().where("left_at", "is", null).execute();
    return rows.map(toVisit);
  },

  /** Visits of a device that were not over at this moment, begun before or after it. */
  async since(accountId: number, deviceId: number, atMs: number): Promise<Visit[]> {
    const rows = await database
      .forAccount(accountId)
      .queries.selectFrom("zone_visits")
      .selectAll()
      .where("account_id", "=", accountId)
      .where("device_id", "=", deviceId)
      .where((eb) => eb.or([eb("left_at", "is", null), eb("left_at", ">", atMs)]))
      .orderBy("entered_at")
      .execute();
    return rows.map(toVisit);
  },

  /** Of one account. Repeating it changes nothing; what belongs to a deleted zone or an unbound device stays as it was closed. */
  write: (accountId: number, gone: readonly Visit[], put: readonly Visit[]): Promise<void> =>
    database.forAccount(accountId).transaction(async (tx) => {
      const mayChange = await whoIsThere(tx, accountId, [...gone, ...put]);
      for (const { deviceId, enteredAt, zoneId } of gone.filter(mayChange))
        await tx
          .deleteFrom("zone_visits")
          .where("account_id", "=", accountId)
          .where("device_id", "=", deviceId)
          .where("entered_at", "=", enteredAt)
          .where("zone_id", "=", zoneId)
          .execute();
      // The ended ones first: a zone has one visit of a device at a time.
      const inOrder = put.toSorted((a, b) => Number(a.leftAt === null) - Number(b.leftAt === null));
      for (const visit of inOrder.filter(mayChange)) await upsert(tx, visit);
    }),
});

async function whoIsThere(
  tx: Queries,
  accountId: number,
  visits: readonly Visit[],
): Promise<(visit: Visit) => boolean> {
  const deviceIds = [...new Set(visits.map(({ deviceId }) => deviceId))];
  const zoneIds = [...new Set(visits.map(({ zoneId }) => zoneId))];
  if (visits.length === 0) return () => false;
  const devices = await tx
    .selectFrom("devices")
    .select("id")
    .where("account_id", "=", accountId)
    .where("id", "in", deviceIds)
    .where("unbound_at", "is", null)
    .execute();
  const zones = await tx
    .selectFrom("zones")
    .select("id")
    .where("account_id", "=", accountId)
    .where("id", "in", zoneIds)
    .where("deleted_at", "is", null)
    .execute();
  const [bound, drawn] = [new Set(devices.map(({ id }) => id)), new Set(zones.map(({ id }) => id))];
  return (visit) => bound.has(visit.deviceId) && drawn.has(visit.zoneId);
}

const upsert = (tx: Queries, visit: Visit) =>
  tx
    .insertInto("zone_visits")
    .values({
      account_id: visit.accountId,
      device_id: visit.deviceId,
      zone_id: visit.zoneId,
      entered_at: visit.enteredAt,
      left_at: visit.leftAt,
      added_late: visit.addedLate ? 1 : 0,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["device_id", "entered_at", "zone_id"])
        .doUpdateSet({ left_at: visit.leftAt, added_late: visit.addedLate ? 1 : 0 }),
    )
    .execute();

/** Ends every open visit that `of` chooses, in the caller's transaction. */
export async function closeVisits(
  tx: Queries,
  accountId: number,
  of: { readonly zoneId: number } | { readonly deviceId: number },
  at: number,
): Promise<void> {
  const open = () =>
    tx
      .updateTable("zone_visits")
      .where("account_id", "=", accountId)
      .where((eb) => ("zoneId" in of ? eb("zone_id", "=", of.zoneId) : eb("device_id", "=", of.deviceId)))
      .where("left_at", "is", null);
  await open().set({ left_at: at }).where("entered_at", "<", at).execute();
  // A phone's clock that ran ahead: a visit ends after it began.
  await open()
    .set((eb) => ({ left_at: eb("entered_at", "+", 1) }))
    .execute();
}

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
