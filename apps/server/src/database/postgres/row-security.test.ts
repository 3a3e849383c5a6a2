import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../database.ts";
import { ConstraintError } from "../errors.ts";
import type { Tables } from "../schema.ts";
import { aDatabase, aDevice, aFix, anAccount, silent } from "../testing.ts";
import { openPostgres } from "./open.ts";
import { aTestDatabase, type TestDatabase } from "./testing/test-databases.ts";
import { withoutAccountFilters } from "./testing/without-filters.ts";

let place: TestDatabase;
let database: Database;
let north: number;
let south: number;
let van: number;
beforeAll(async () => {
  place = await aTestDatabase();
  database = await openPostgres({ url: place.url, logger: silent });
  [north, south] = [await anAccount(database, "north"), await anAccount(database, "south")];
  van = await aDevice(database, north, "N-1");
  await database.writeLocations({
    samples: [aFix({ deviceId: van, accountId: north, atMs: Date.UTC(2026, 10, 24) })],
    devices: [],
  });
  await database.queries
    .insertInto("audit")
    .values({ account_id: north, actor: "test", action: "made", entity: "device", entity_id: "1", at: 0, detail: "{}" })
    .execute();
});
afterAll(async () => {
  await database.close();
  await place[Symbol.asyncDispose]();
});

const filled: readonly (keyof Tables)[] = ["accounts", "devices", "location_samples", "audit"];

describe("the wall between accounts", () => {
  test("stands around every table, for its owner too", async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
        and not (relrowsecurity and relforcerowsecurity)`.execute(database.queries);
    // A table that belongs here needs no account_id, because it holds nothing of any account.
    expect(rows.map(({ name }) => name)).toEqual(["schema_migrations"]);
  });

  test.each(filled)("a query that names no account finds in %s what is its own, and no foreign row", async (table) => {
    const own = table === "accounts" ? "id" : "account_id";
    const accountsIn = async (accountId: number) => {
      const door = database.forAccount(accountId);
      const plain = await door.queries.selectFrom(table).select(own).execute();
      const inside = await door.transaction((tx) => tx.selectFrom(table).select(own).execute());
      expect(inside).toEqual(plain);
      return [...new Set(plain.map((row) => Object.values(row)[0]))];
    };
    expect(await accountsIn(north)).toEqual([north]);
    expect(await accountsIn(south)).toEqual(table === "accounts" ? [south] : []);
  });

  test("a change that names no account changes no foreign row", async () => {
    const { queries } = database.forAccount(south);
    const updated = await queries.updateTable("devices").set({ name: "stolen" }).executeTakeFirstOrThrow();
    const deleted = await queries.deleteFrom("devices").where("id", "=", van).executeTakeFirstOrThrow();
    expect([updated.numUpdatedRows, deleted.numDeletedRows]).toEqual([0n, 0n]);
    const kept = await database.queries.selectFrom("devices").select("name").where("id", "=", van).execute();
    expect(kept).toEqual([{ name: "van" }]);
  });

  test("a row cannot be put into another account, nor moved there", async () => {
    const { queries } = database.forAccount(south);
    const planted = queries.insertInto("devices").values({ account_id: north, name: "x", bound_at: 0 }).execute();
    await expect(planted).rejects.toBeInstanceOf(ConstraintError);
    const own = await queries
      .insertInto("devices")
      .values({ account_id: south, name: "mine", bound_at: 0 })
      .returning("id")
      .executeTakeFirstOrThrow();
    const moved = queries.updateTable("devices").set({ account_id: north }).where("id", "=", own.id).execute();
    await expect(moved).rejects.toBeInstanceOf(ConstraintError);
  });

  test("one connection that serves many accounts in turn never mixes them", async () => {
    await using other = await aTestDatabase();
    await using narrow = await openPostgres({ url: other.url, logger: silent, limits: { connections: 1 } });
    const accounts = [await anAccount(narrow, "a"), await anAccount(narrow, "b"), await anAccount(narrow, "c")];
    const asked = Array.from({ length: 30 }, (_, n) => accounts[n % accounts.length] ?? 0);
    const seen = await Promise.all(
      asked.map((id) => narrow.forAccount(id).queries.selectFrom("accounts").select("id").execute()),
    );
    expect(seen).toEqual(asked.map((id) => [{ id }]));
    expect(await narrow.queries.selectFrom("accounts").select("id").execute()).toHaveLength(3);
  });

  test("a connection that is set for nobody sees nothing, and a month by itself shows nothing to anybody", async () => {
    const client = new Client({ connectionString: place.url });
    await client.connect();
    const count = async (table: string) =>
      Number((await client.query<{ rows: string }>(`select count(*) as rows from ${table}`)).rows[0]?.rows);
    for (const table of filled) expect(await count(table)).toBe(0);
    await client.query(`set dsp.account = 'all'`);
    expect(await count("location_samples")).toBe(1);
    expect(await count("location_samples_2026_11")).toBe(0);
    await client.end();
  });
});

describe("with the account filters of queries taken away", () => {
  const foreignNames = async (opened: Database, accountId: number) =>
    withoutAccountFilters(opened)
      .forAccount(accountId)
      .queries.selectFrom("devices")
      .select("name")
      .where("account_id", "=", accountId)
      .where("name", "=", "van")
      .execute();

  test("the wall alone keeps foreign rows away", async () => {
    expect(await foreignNames(database, south)).toEqual([]);
    expect(await foreignNames(database, north)).toEqual([{ name: "van" }]);
  });

  test("a database without a wall shows them, so that it is the wall that is seen here", async () => {
    await using unwalled = await aDatabase();
    const [one, other] = [await anAccount(unwalled, "one"), await anAccount(unwalled, "other")];
    await aDevice(unwalled, one);
    expect(await foreignNames(unwalled, other)).toEqual([{ name: "van" }]);
  });
});
