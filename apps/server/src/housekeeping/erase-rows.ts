import type { Database } from "../database/database.ts";
import type { Tables } from "../database/schema.ts";
import { type Breath, deleteRows } from "./delete-in-steps.ts";
import { devicesOf } from "./forget-old-rows.ts";
import { keptTables } from "./kept-tables.ts";

/** Deletes every row of the account, the account itself last: until then a server that starts again knows that it must go on. */
export async function eraseRows(database: Database, accountId: number, breathe: Breath): Promise<void> {
  const deviceIds = await devicesOf(database, accountId);
  for (const table of Object.keys(keptTables) as (keyof Tables)[]) {
    await deleteRows(database, table, { accountId, before: null, deviceIds, breathe });
    await breathe();
  }
  await database.forAccount(accountId).queries.deleteFrom("accounts").where("id", "=", accountId).execute();
}
