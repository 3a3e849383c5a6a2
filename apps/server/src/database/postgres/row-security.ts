import { type Kysely, sql } from "kysely";
import type { MigrationTables } from "../migrations/migrate.ts";

/** Tables with rows of accounts that have no wall yet. */
const unwalled = sql<{ name: string; column: string; common: boolean }>`
  select c.relname as name, a.attname as column, not a.attnotnull as common
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    and a.attname = case when c.relname = 'accounts' then 'id' else 'account_id' end
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'account_wall')`;

/**
 * Gives each table that has account_id, and accounts itself, a policy: a connection sees and writes the rows of the account it is
 * set for, all of them when set for "all", none when set for nothing. It binds the tables' owner too. Rows that belong to no
 * account yet, where a table has such, are everybody's.
 */
export async function raiseWalls(db: Kysely<MigrationTables>): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await unwalled.execute(tx);
    for (const { name, column, common } of rows) {
      const [table, account] = [sql.table(name), sql.ref(column)];
      // In sub-selects, so that each is asked once a statement and not once a row.
      const own = sql`
        (select current_setting('dsp.account', true)) = 'all'
        or ${account} = (select case when current_setting('dsp.account', true) <> 'all'
          then nullif(current_setting('dsp.account', true), '')::bigint end)`;
      const rule = common ? sql`${own} or ${account} is null` : own;
      await sql`alter table ${table} enable row level security`.execute(tx);
      await sql`alter table ${table} force row level security`.execute(tx);
      await sql`create policy account_wall on ${table} using (${rule}) with check (${rule})`.execute(tx);
    }
    return rows.map((row) => row.name);
  });
}
