import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { StoredLease } from "./phone-leases.ts";

export type NewLease = {
  accountId: number;
  deviceId: number;
  intervalSeconds: number;
  durationSeconds: number;
  startedAt: number;
  expiresAt: number;
  startedBy: number;
};

export type LeaseRepository = ReturnType<typeof leaseRepository>;

/** What dispatchers asked for. A rescue's own leases follow from its session and are not stored. */
export const leaseRepository = (database: Database) => ({
  /** Leases of bound devices that have not run out, also those that were ended early. */
  async running(now: number): Promise<StoredLease[]> {
    const rows = await database.queries
      .selectFrom("fast_location_leases")
      .innerJoin("devices", "devices.id", "fast_location_leases.device_id")
      .select(["device_id", "interval_seconds", "expires_at", "ended_at"])
      .where("expires_at", ">", now)
      .where("devices.unbound_at", "is", null)
      .execute();
    return rows.map((row) => ({
      deviceId: row.device_id,
      intervalSeconds: row.interval_seconds,
      expiresAt: row.expires_at,
      endedAt: row.ended_at,
    }));
  },

  /** Replaces the device's lease. */
  start: (lease: NewLease): Promise<void> =>
    database.forAccount(lease.accountId).transaction(async (tx) => {
      const values = {
        account_id: lease.accountId,
        interval_seconds: lease.intervalSeconds,
        started_at: lease.startedAt,
        expires_at: lease.expiresAt,
        ended_at: null,
      };
      await tx
        .insertInto("fast_location_leases")
        .values({ ...values, device_id: lease.deviceId })
        .onConflict((conflict) => conflict.column("device_id").doUpdateSet(values))
        .execute();
      await recordAudit(tx, {
        accountId: lease.accountId,
        actor: `user:${lease.startedBy}`,
        action: "fast-location.started",
        entity: "device",
        entityId: lease.deviceId,
        at: lease.startedAt,
        detail: { intervalSeconds: lease.intervalSeconds, durationSeconds: lease.durationSeconds },
      });
    }),

  /** Ends the device's lease before its time; nothing happens when none runs. */
  end: (accountId: number, deviceId: number, endedBy: number, at: number): Promise<void> =>
    database.forAccount(accountId).transaction(async (tx) => {
      const ended = await tx
        .updateTable("fast_location_leases")
        .set({ ended_at: at })
        .where("account_id", "=", accountId)
        .where("device_id", "=", deviceId)
        .where("ended_at", "is", null)
        .where("expires_at", ">", at)
        .returning("device_id")
        .executeTakeFirst();
      if (ended === undefined) return;
      await recordAudit(tx, {
        accountId,
        actor: `user:${endedBy}`,
        action: "fast-location.stopped",
        entity: "device",
        entityId: deviceId,
        at,
      });
    }),
});
