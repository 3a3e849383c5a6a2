import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "./database.ts";
import { ConstraintError, DatabaseUnavailableError } from "./errors.ts";
import { createSharedTransactions } from "./shared-transactions.ts";
import { aDatabase, anAccount } from "./testing.ts";

let database: Database;
let accountId: number;
let transactions = 0;
beforeEach(async () => {
  database = await aDatabase();
  accountId = await anAccount(database);
  transactions = 0;
});
afterEach(() => database.close());

const shared = () =>
  createSharedTransactions({
    transaction(work) {
      transactions += 1;
      return database.transaction(work);
    },
  });
const van = (name: string, identifier: string | null = null) => ({
  account_id: accountId,
  name,
  identifier,
  bound_at: 0,
});
const names = async () =>
  (await database.queries.selectFrom("devices").select("name").orderBy("id").execute()).map((row) => row.name);

test("work that waits meanwhile shares a commit, runs in order, and is answered in order", async () => {
  const { run } = shared();
  const order: string[] = [];
  const ids = Array.from({ length: 150 }, (_, index) => `No. ${index}`);
  await Promise.all(
    ids.map(async (name) => {
      await run((tx) => tx.insertInto("devices").values(van(name)).execute());
      order.push(name);
    }),
  );
  expect(await names()).toEqual(ids);
  expect(order).toEqual(ids);
  expect(transactions).toBeLessThanOrEqual(2);
});

test("one that breaks a rule spoils no other", async () => {
  const { run } = shared();
  const outcomes = await Promise.allSettled(
    [van("a", "1"), van("b", "1"), van("c", "2")].map((row) =>
      run((tx) => tx.insertInto("devices").values(row).execute()),
    ),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(outcomes[1]).toMatchObject({ reason: expect.any(ConstraintError) });
  expect(await names()).toEqual(["a", "c"]);
});

test("while the database is away everybody hears of it, and later work is done again", async () => {
  let isAway = true;
  const { run } = createSharedTransactions({
    transaction: (work) => (isAway ? Promise.reject(new DatabaseUnavailableError("away")) : database.transaction(work)),
  });
  const insert = (name: string) => run((tx) => tx.insertInto("devices").values(van(name)).execute());
  const outcomes = await Promise.allSettled([insert("a"), insert("b")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  isAway = false;
  await insert("c");
  expect(await names()).toEqual(["c"]);
});
