import type { SyncState } from "@dsp-fleet/contract";
import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";

/** What a phone was asked for and how much of it came. Times in ms since 1970, UTC. */
export type HistorySync = {
  readonly hours: number;
  readonly requestedAt: number;
  readonly received: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
};

export type DeviceKey = { readonly accountId: number; readonly deviceId: number };

export type HistorySyncRepository = ReturnType<typeof historySyncRepository>;

export const historySyncRepository = (database: Database) => ({
  /** Requests of bound devices that are not done: for the memory at start. */
  async open(): Promise<(DeviceKey & { sync: HistorySync })[]> {
    const rows = await database.queries
      .selectFrom("history_syncs")
      .innerJoin("devices", "devices.id", "history_syncs.device_id")
      .selectAll("history_syncs")
      .where("devices.unbound_at", "is", null)
      .where("devices.sync_state", "in", ["requested", "syncing", "failed"])
      .execute();
    return rows.map((row) => ({
      accountId: row.account_id,
      deviceId: row.device_id,
      sync: {
        hours: row.hours,
        requestedAt: row.requested_at,
        received: row.received,
        fromMs: row.from_ms,
        toMs: row.to_ms,
      },
    }));
  },

  /** A person asks: replaces what was asked before. False when there is no such bound device. */
  request: ({ accountId, deviceId }: DeviceKey, sync: HistorySync, requestedBy: number): Promise<boolean> =>
    database.forAccount(accountId).transaction(async (tx) => {
      if (!(await setState(tx, { accountId, deviceId }, "requested"))) return false;
      const row = toRow(sync);
      await tx
        .insertInto("history_syncs")
        .values({ device_id: deviceId, account_id: accountId, ...row })
        .onConflict((conflict) => conflict.column("device_id").doUpdateSet(row))
        .execute();
      await recordAudit(tx, {
        accountId,
        actor: `user:${requestedBy}`,
        action: "device.history-requested",
        entity: "device",
        entityId: deviceId,
        at: sync.requestedAt,
        detail: { hours: sync.hours },
      });
      return true;
    }),

  /** Notes how far it is. */
  advance: ({ accountId, deviceId }: DeviceKey, state: SyncState, sync: HistorySync): Promise<void> =>
    database.forAccount(accountId).transaction(async (tx) => {
      await setState(tx, { accountId, deviceId }, state);
      await tx
        .updateTable("history_syncs")
        .set(toRow(sync))
        .where("account_id", "=", accountId)
        .where("device_id", "=", deviceId)
        .execute();
    }),
});

async function setState(tx: Queries, { accountId, deviceId }: DeviceKey, state: SyncState): Promise<boolean> {
  const changed = await tx
    .updateTable("devices")
    .set({ sync_state: state })
    .where("account_id", "=", accountId)
    .where("id", "=", deviceId)
    .where("unbound_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return changed !== undefined;
}

const toRow = (sync: HistorySync) => ({
  hours: sync.hours,
  requested_at: sync.requestedAt,
  received: sync.received,
  from_ms: sync.fromMs,
  to_ms: sync.toMs,
});
