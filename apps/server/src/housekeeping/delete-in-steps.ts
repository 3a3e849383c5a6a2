import type { Kysely } from "kysely";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import { type KeptTable, keptTables } from "./kept-tables.ts";

/** Rows that go in one transaction: some 20 ms of the database, so that nobody who reports or looks on waits behind it. */
const rowsPerStep = 2_000;

/** Runs between two steps, so that others get their turn; throws when the server stops. */
export type Breath = () => Promise<void>;

/** Rows whose time is before this; null: all of them. */
export type Before = number | null;

type LooseTables = Record<string, Record<string, number | string | null>>;
/** Tables and columns come from keptTables, whose test finds a name that there is not. */
const loose = (queries: Queries) => queries as unknown as Kysely<LooseTables>;

/** Deletes the account's rows of one table a step at a time; answers how many went. */
export async function deleteRows(
  database: Database,
  table: keyof typeof keptTables,
  {
    accountId,
    before,
    deviceIds,
    breathe,
  }: { accountId: number; before: Before; deviceIds: number[]; breathe: Breath },
): Promise<number> {
  const kept: KeptTable = keptTables[table];
  const { queries } = database.forAccount(accountId);
  switch (kept.of) {
    case "itself":
      return 0;
    case "account": {
      const { key, forget } = kept;
      return untilNoneIsLeft(breathe, () =>
        deleteByKey(queries, { table, key, time: forget?.time }, accountId, before),
      );
    }
    case "device": {
      let deleted = 0;
      for (const deviceId of deviceIds) {
        deleted += await untilNoneIsLeft(breathe, () =>
          deleteOfDevice(queries, { table, time: kept.forget.time }, { accountId, deviceId }, before),
        );
      }
      return deleted;
    }
  }
}

async function untilNoneIsLeft(breathe: Breath, step: () => Promise<number>): Promise<number> {
  let deleted = 0;
  for (;;) {
    const rows = await step();
    deleted += rows;
    if (rows < rowsPerStep) return deleted;
    await breathe();
  }
}

async function deleteByKey(
  queries: Queries,
  { table, key, time }: { table: string; key: string; time: string | undefined },
  accountId: number,
  before: Before,
): Promise<number> {
  let doomed = loose(queries).selectFrom(table).select(key).where("account_id", "=", accountId);
  if (before !== null && time !== undefined) doomed = doomed.where(time, "<", before);
  const { numDeletedRows } = await loose(queries)
    .deleteFrom(table)
    .where(key, "in", doomed.orderBy(key).limit(rowsPerStep))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Along the key (device_id, time), so that the rows lie side by side. */
async function deleteOfDevice(
  queries: Queries,
  { table, time }: { table: string; time: string },
  { accountId, deviceId }: { accountId: number; deviceId: number },
  before: Before,
): Promise<number> {
  let doomed = loose(queries)
    .selectFrom(table)
    .select(time)
    .where("device_id", "=", deviceId)
    .where(time, "is not", null);
  if (before !== null) doomed = doomed.where(time, "<", before);
  const last = await doomed
    .orderBy(time)
    .limit(1)
    .offset(rowsPerStep - 1)
    .executeTakeFirst();
  let deleting = loose(queries).deleteFrom(table).where("account_id", "=", accountId).where("device_id", "=", deviceId);
  const until = last?.[time] ?? null;
  // Rows without a time go with the last step.
  if (until !== null) deleting = deleting.where(time, "<=", until);
  else if (before !== null) deleting = deleting.where(time, "<", before);
  const { numDeletedRows } = await deleting.executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
