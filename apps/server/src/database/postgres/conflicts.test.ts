import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../database.ts";
import { DatabaseBusyError } from "../errors.ts";
import { anAccount, silent } from "../testing.ts";
import { openPostgres } from "./open.ts";
import { aPostgresDatabase } from "./testing/a-postgres-database.ts";
import { aTestDatabase } from "./testing/test-databases.ts";

let database: Database;
let accountId: number;
beforeEach(async () => {
  database = await aPostgresDatabase();
  accountId = await anAccount(database);
});
afterEach(() => database.close());

/** Lets nobody through before all have come; afterwards it stands open. */
function aMeeting(size: number): () => Promise<void> {
  let come = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    come += 1;
    if (come >= size) resolve();
    return promise;
  };
}

describe("two transactions at once", () => {
  test("that both looked before either wrote end as if one had come after the other", async () => {
    const meeting = aMeeting(2);
    let attempts = 0;
    const takeTheOnlyPlace = () =>
      database.transaction(async (tx) => {
        attempts += 1;
        const taken = await tx.selectFrom("devices").select("id").where("account_id", "=", accountId).execute();
        await meeting();
        if (taken.length > 0) return false;
        await tx.insertInto("devices").values({ account_id: accountId, name: "van", bound_at: 0 }).execute();
        return true;
      });
    const outcomes = await Promise.all([takeTheOnlyPlace(), takeTheOnlyPlace()]);
    expect(outcomes.toSorted()).toEqual([false, true]);
    expect(attempts).toBe(3);
  });

  test("that both looked for a key before either wrote it: the later one finds it", async () => {
    const meeting = aMeeting(2);
    const user = {
      email: "one@example.com",
      display_name: "One",
      role: "owner",
      password_hash: "",
      created_at: 0,
    } as const;
    const register = () =>
      database.transaction(async (tx) => {
        const known = await tx.selectFrom("users").select("id").where("email", "=", user.email).executeTakeFirst();
        await meeting();
        if (known !== undefined) return "known";
        await tx
          .insertInto("users")
          .values({ ...user, account_id: accountId })
          .execute();
        return "made";
      });
    expect((await Promise.all([register(), register()])).toSorted()).toEqual(["known", "made"]);
  });

  test("twenty that count on each other all come through", async () => {
    const device = await database.queries
      .insertInto("devices")
      .values({ account_id: accountId, name: "0", bound_at: 0 })
      .returning("id")
      .executeTakeFirstOrThrow();
    const addOne = () =>
      database.transaction(async (tx) => {
        const { name } = await tx.selectFrom("devices").select("name").executeTakeFirstOrThrow();
        await tx
          .updateTable("devices")
          .set({ name: String(Number(name) + 1) })
          .where("id", "=", device.id)
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, addOne));
    const { name } = await database.queries.selectFrom("devices").select("name").executeTakeFirstOrThrow();
    expect(name).toBe("20");
  });
});

describe("what takes too long is ended", () => {
  test("a statement, and a wait for a connection", async () => {
    await using place = await aTestDatabase();
    const limits = { connections: 1, statementMs: 1_500, maxWaitMs: 300, maxWaiting: 1 };
    await using small = await openPostgres({ url: place.url, logger: silent, limits });
    const slow = sql`select pg_sleep(30)`.execute(small.queries).catch((error: unknown) => error);
    const waits = small.queries.selectFrom("accounts").selectAll().execute();
    const oneTooMany = small.queries.selectFrom("accounts").selectAll().execute();
    await expect(oneTooMany).rejects.toThrow("1 calls wait");
    await expect(waits).rejects.toBeInstanceOf(DatabaseBusyError);
    expect(await slow).toBeInstanceOf(DatabaseBusyError);
    expect(small.state).toBe("ready");
    expect(await small.queries.selectFrom("accounts").selectAll().execute()).toEqual([]);
  });
});
