import type { Expression } from "kysely";
import { type CreateTableBuilder, sql } from "kysely";

/** What the databases spell differently in a table's definition. */
export type ColumnKinds = {
  /** 1…4294967295, given by the database, never used twice. */
  withId<T extends string>(table: CreateTableBuilder<T>): CreateTableBuilder<T>;
  /** Holds another row's id. */
  readonly id: Expression<unknown>;
  /** ms since 1970 UTC */
  readonly time: Expression<unknown>;
  readonly integer: Expression<unknown>;
  readonly real: Expression<unknown>;
  readonly text: Expression<unknown>;
  /** Ends a table whose rows have a place of their own. */
  readonly table: Expression<unknown>;
  /** Ends a table whose rows lie in the order of their primary key. */
  readonly tableInKeyOrder: Expression<unknown>;
  /** Ends location_samples: in the order of its key, and by months of `at_ms` where the database can drop one at once. */
  readonly tableOfSamples: Expression<unknown>;
};

/** `strict` makes SQLite refuse a value of the wrong type, as PostgreSQL does. */
export const sqliteColumnKinds: ColumnKinds = {
  withId: (table) =>
    table.addColumn("id", sql`integer`, (id) =>
      id.primaryKey().autoIncrement().check(sql`id between 1 and 4294967295`),
    ),
  id: sql`integer`,
  time: sql`integer`,
  integer: sql`integer`,
  real: sql`real`,
  text: sql`text`,
  table: sql`strict`,
  tableInKeyOrder: sql`without rowid, strict`,
  tableOfSamples: sql`without rowid, strict`,
};

/** Text is ordered by its bytes, as in SQLite, whatever the database's language. */
export const postgresColumnKinds: ColumnKinds = {
  withId: (table) =>
    table.addColumn("id", sql`bigint generated always as identity`, (id) =>
      id.primaryKey().check(sql`id between 1 and 4294967295`),
    ),
  id: sql`bigint`,
  time: sql`bigint`,
  integer: sql`bigint`,
  real: sql`double precision`,
  text: sql`text collate "C"`,
  table: sql``,
  tableInKeyOrder: sql``,
  tableOfSamples: sql`partition by range (at_ms)`,
};
