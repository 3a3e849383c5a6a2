import { type Kysely, sql } from "kysely";
import type { MigrationTables } from "../migrations/migrate.ts";
import type { ColumnsOf } from "./failures.ts";

/** Unique indexes, with or without a constraint, and the constraints that are none. */
const rules = sql<{ table: string; name: string; columns: string[] }>`
  select t.relname as table, i.relname as name, array(
      select a.attname::text from unnest(x.indkey::int2[]) with ordinality as k (attnum, place)
      join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum order by k.place) as columns
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
  where x.indisunique and t.relnamespace = current_schema()::regnamespace
  union all
  select t.relname, c.conname, array(
      select a.attname::text from unnest(c.conkey) with ordinality as k (attnum, place)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum order by k.place)
  from pg_constraint c join pg_class t on t.oid = c.conrelid
  where c.contype in ('c', 'f') and t.relnamespace = current_schema()::regnamespace`;

/** Which columns each rule of the tables is about. */
export async function readRules(db: Kysely<MigrationTables>): Promise<ColumnsOf> {
  const found = await rules.execute(db);
  const columns = new Map(found.rows.map((rule) => [`${rule.table} ${rule.name}`, rule.columns]));
  return (table, name) => columns.get(`${table} ${name}`) ?? [];
}
