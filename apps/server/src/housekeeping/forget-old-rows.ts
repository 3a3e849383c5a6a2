import type { Database } from "../database/database.ts";
import type { Tables } from "../database/schema.ts";
import { type Breath, deleteRows } from "./delete-in-steps.ts";
import { type KeptTable, keptTables } from "./kept-tables.ts";

const dayMs = 24 * 3_600_000;

export type Retention = { accountId: number; retentionDays: number };

/** Deletes what the account keeps no longer; answers how many rows went. */
export async function forgetOldRows(
  database: Database,
  { accountId, retentionDays }: Retention,
  now: number,
  breathe: Breath,
): Promise<number> {
  const deviceIds = await devicesOf(database, accountId);
  let deleted = 0;
  for (const table of Object.keys(keptTables) as (keyof Tables)[]) {
    const kept: KeptTable = keptTables[table];
    if (kept.of === "itself" || kept.forget === undefined) continue;
    const days = kept.forget.keep === "retentionDays" ? retentionDays : kept.forget.keep;
    // A device goes a day after its last fix could have gone, so that no fix is left without its device.
    const before = now - (table === "devices" ? days + 1 : days) * dayMs;
    deleted += await deleteRows(database, table, { accountId, before, deviceIds, breathe });
    await breathe();
  }
  return deleted + (await forgetIdleSessions(database, accountId, now));
}

/** Sessions that nobody ended and nobody can go on with: their last refresh token has run out and is gone. */
async function forgetIdleSessions(database: Database, accountId: number, now: number): Promise<number> {
  const { queries } = database.forAccount(accountId);
  const { numDeletedRows } = await queries
    .deleteFrom("sessions")
    .where("account_id", "=", accountId)
    .where("created_at", "<", now - dayMs)
    .where(
      "id",
      "not in",
      queries.selectFrom("refresh_tokens").select("session_id").where("account_id", "=", accountId),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Bound and unbound ones. */
export async function devicesOf(database: Database, accountId: number): Promise<number[]> {
  const rows = await database
    .forAccount(accountId)
    .queries.selectFrom("devices")
    .select("id")
    .where("account_id", "=", accountId)
    .orderBy("id")
    .execute();
  return rows.map((row) => row.id);
}
