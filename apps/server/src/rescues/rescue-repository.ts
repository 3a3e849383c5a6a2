import { type RescueEndReason, rescueEndReason } from "@dsp-fleet/contract";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { RescuesTable } from "../database/schema.ts";
import type { EndedRescue, StoredRescue } from "./rescue.ts";

export type NewRescue = {
  sessionId: string;
  accountId: number;
  rescueeDeviceId: number;
  rescuerDeviceId: number;
  startedBy: number;
  at: number;
};

export type StartOutcome =
  | { kind: "started"; rescue: StoredRescue }
  | { kind: "not-found" }
  | { kind: "device-in-rescue"; deviceId: number };

export type RescueEnding = {
  accountId: number;
  sessionId: string;
  reason: RescueEndReason;
  endedBy: number;
  at: number;
};

export type EndOutcome =
  | { kind: "ended"; rescue: EndedRescue }
  /** It had ended before, this way or the other. */
  | { kind: "was-ended"; rescue: EndedRescue }
  | { kind: "not-found" };

export type RescuesWanted = {
  accountId: number;
  state: "open" | "ended" | undefined;
  /** Started at or after `from` and before `to`; ms. */
  from: number | undefined;
  to: number | undefined;
  /** Older than this one. */
  before: number | undefined;
  limit: number;
};

export type RescueRepository = ReturnType<typeof rescueRepository>;

/** Takes a start back, from within its transaction. */
class InRescue extends Error {
  readonly deviceId: number;
  constructor(deviceId: number) {
    super(`device ${deviceId} is in a rescue`);
    this.deviceId = deviceId;
  }
}

export const rescueRepository = (database: Database) => ({
  /** Makes an open session of two bound devices, unless one of them is in another: of several at once exactly one succeeds. */
  async start(rescue: NewRescue): Promise<StartOutcome> {
    try {
      return await database.forAccount(rescue.accountId).transaction((tx) => startIn(tx, rescue));
    } catch (error) {
      if (error instanceof InRescue) return { kind: "device-in-rescue", deviceId: error.deviceId };
      throw error;
    }
  },

  end: (ending: RescueEnding): Promise<EndOutcome> =>
    database.forAccount(ending.accountId).transaction(async (tx) => {
      const row = await tx
        .selectFrom("rescues")
        .selectAll()
        .where("account_id", "=", ending.accountId)
        .where("session_id", "=", ending.sessionId)
        .executeTakeFirst();
      if (row === undefined) return { kind: "not-found" };
      const rescue = await endIn(tx, row.id, ending);
      if (rescue !== null) return { kind: "ended", rescue };
      const before = await tx.selectFrom("rescues").selectAll().where("id", "=", row.id).executeTakeFirstOrThrow();
      return { kind: "was-ended", rescue: toEnded(before) };
    }),

  /** Every open session of every account: for the server's start. */
  async open(): Promise<StoredRescue[]> {
    const rows = await database.queries
      .selectFrom("rescues")
      .innerJoin("rescue_participants", (join) =>
        join
          .onRef("rescue_participants.rescue_id", "=", "rescues.id")
          .onRef("rescue_participants.device_id", "=", "rescues.rescuee_device_id"),
      )
      .selectAll("rescues")
      .orderBy("rescues.id")
      .execute();
    return rows.map(toStored);
  },

  /** Ends that phones have not heard of, oldest first. */
  async missedEnds(): Promise<{ deviceId: number; rescue: EndedRescue }[]> {
    const rows = await database.queries
      .selectFrom("rescues")
      .selectAll()
      .where((eb) => eb.or([eb("rescuee_missed_end", "=", 1), eb("rescuer_missed_end", "=", 1)]))
      .orderBy("id")
      .execute();
    return rows.flatMap((row) => [
      ...(row.rescuee_missed_end === 1 ? [{ deviceId: row.rescuee_device_id, rescue: toEnded(row) }] : []),
      ...(row.rescuer_missed_end === 1 ? [{ deviceId: row.rescuer_device_id, rescue: toEnded(row) }] : []),
    ]);
  },

  /** The phone has heard of these ends. */
  heardEnds: (accountId: number, deviceId: number, rescueIds: readonly number[]): Promise<void> =>
    database.forAccount(accountId).transaction(async (tx) => {
      await tx
        .updateTable("rescues")
        .set({ rescuee_missed_end: 0 })
        .where("account_id", "=", accountId)
        .where("rescuee_device_id", "=", deviceId)
        .where("id", "in", rescueIds)
        .execute();
      await tx
        .updateTable("rescues")
        .set({ rescuer_missed_end: 0 })
        .where("account_id", "=", accountId)
        .where("rescuer_device_id", "=", deviceId)
        .where("id", "in", rescueIds)
        .execute();
    }),

  async find(accountId: number, sessionId: string): Promise<StoredRescue | null> {
    const row = await database
      .forAccount(accountId)
      .queries.selectFrom("rescues")
      .selectAll()
      .where("account_id", "=", accountId)
      .where("session_id", "=", sessionId)
      .executeTakeFirst();
    return row === undefined ? null : toStored(row);
  },

  /** The latest first. */
  async list({ accountId, state, from, to, before, limit }: RescuesWanted): Promise<StoredRescue[]> {
    const rows = await database
      .forAccount(accountId)
      .queries.selectFrom("rescues")
      .selectAll()
      .where("account_id", "=", accountId)
      .$if(state === "open", (query) => query.where("ended_at", "is", null))
      .$if(state === "ended", (query) => query.where("ended_at", "is not", null))
      .$if(from !== undefined, (query) => query.where("started_at", ">=", from ?? 0))
      .$if(to !== undefined, (query) => query.where("started_at", "<", to ?? 0))
      .$if(before !== undefined, (query) => query.where("id", "<", before ?? 0))
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    return rows.map(toStored);
  },
});

async function startIn(tx: Queries, rescue: NewRescue): Promise<StartOutcome> {
  const pair = [rescue.rescueeDeviceId, rescue.rescuerDeviceId];
  const bound = await tx
    .selectFrom("devices")
    .select("id")
    .where("account_id", "=", rescue.accountId)
    .where("id", "in", pair)
    .where("unbound_at", "is", null)
    .execute();
  if (bound.length < pair.length) return { kind: "not-found" };
  const row = await tx
    .insertInto("rescues")
    .values({
      session_id: rescue.sessionId,
      account_id: rescue.accountId,
      rescuee_device_id: rescue.rescueeDeviceId,
      rescuer_device_id: rescue.rescuerDeviceId,
      started_at: rescue.at,
      started_by: rescue.startedBy,
      rescuee_missed_end: 0,
      rescuer_missed_end: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  for (const deviceId of pair) {
    const joined = await tx
      .insertInto("rescue_participants")
      .values({ device_id: deviceId, account_id: rescue.accountId, rescue_id: row.id })
      .onConflict((conflict) => conflict.column("device_id").doNothing())
      .returning("device_id")
      .executeTakeFirst();
    if (joined === undefined) throw new InRescue(deviceId);
  }
  await recordAudit(tx, {
    accountId: rescue.accountId,
    actor: `user:${rescue.startedBy}`,
    action: "rescue.started",
    entity: "rescue",
    entityId: rescue.sessionId,
    at: rescue.at,
    detail: { rescueeDeviceId: rescue.rescueeDeviceId, rescuerDeviceId: rescue.rescuerDeviceId },
  });
  return { kind: "started", rescue: toStored(row) };
}

/**
 * Calls off the open session of a device that is being unbound, within that transaction; null when it is in none.
 * Who unbinds a device ends its rescue, hence `cancelled_by_dispatcher`.
 */
export async function cancelRescueOf(
  tx: Queries,
  unbinding: { accountId: number; deviceId: number; unboundBy: number; at: number },
): Promise<EndedRescue | null> {
  const { accountId, deviceId, unboundBy: endedBy, at } = unbinding;
  const participant = await tx
    .selectFrom("rescue_participants")
    .select("rescue_id")
    .where("account_id", "=", accountId)
    .where("device_id", "=", deviceId)
    .executeTakeFirst();
  if (participant === undefined) return null;
  return endIn(tx, participant.rescue_id, { accountId, reason: "cancelled_by_dispatcher", endedBy, at });
}

/** Null when it has ended already. Both phones count as not having heard until they have. */
async function endIn(
  tx: Queries,
  rescueId: number,
  { accountId, reason, endedBy, at }: Omit<RescueEnding, "sessionId">,
): Promise<EndedRescue | null> {
  const row = await tx
    .updateTable("rescues")
    .set({ ended_at: at, end_reason: reason, rescuee_missed_end: 1, rescuer_missed_end: 1 })
    .where("account_id", "=", accountId)
    .where("id", "=", rescueId)
    .where("ended_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  await tx.deleteFrom("rescue_participants").where("rescue_id", "=", rescueId).execute();
  await recordAudit(tx, {
    accountId,
    actor: `user:${endedBy}`,
    action: reason === "completed" ? "rescue.completed" : "rescue.cancelled",
    entity: "rescue",
    entityId: row.session_id,
    at,
  });
  return toEnded(row);
}

function toStored(row: Selectable<RescuesTable>): StoredRescue {
  return {
    id: row.id,
    sessionId: row.session_id,
    accountId: row.account_id,
    rescueeDeviceId: row.rescuee_device_id,
    rescuerDeviceId: row.rescuer_device_id,
    startedAt: row.started_at,
    startedBy: row.started_by,
    endedAt: row.ended_at,
    endReason: row.end_reason === null ? null : rescueEndReason.parse(row.end_reason),
  };
}

function toEnded(row: Selectable<RescuesTable>): EndedRescue {
  const { endedAt, endReason, ...rescue } = toStored(row);
  if (endedAt === null || endReason === null) throw new Error(`rescue ${row.session_id} has not ended`);
  return { ...rescue, endedAt, endReason };
}
