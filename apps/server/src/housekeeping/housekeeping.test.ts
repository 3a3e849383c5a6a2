import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../database/database.ts";
import { aDatabase, aDevice, aFix, anAccount, timesOf } from "../database/testing.ts";
import { eraseRows } from "./erase-rows.ts";
import { forgetOldRows } from "./forget-old-rows.ts";
import { keptTables } from "./kept-tables.ts";

const dayMs = 24 * 3_600_000;
const now = 1_000 * dayMs;
let database: Database;
let breaths: number;
const breathe = async () => {
  breaths += 1;
};

beforeEach(async () => {
  database = await aDatabase();
  breaths = 0;
});
afterEach(() => database.close());

async function aTrack(accountId: number, deviceId: number, fixes: number, fromMs: number, everyMs: number) {
  const samples = Array.from({ length: fixes }, (_, n) => aFix({ deviceId, accountId, atMs: fromMs + n * everyMs }));
  await database.writeLocations({ samples, devices: [] });
}

const auditAt = (accountId: number, at: number) =>
  database.queries
    .insertInto("audit")
    .values({ account_id: accountId, actor: "user:1", action: "x", entity: "x", entity_id: "1", at, detail: "{}" })
    .execute();

test("every table that says whose its rows are is kept, and each name in the list is a column", async () => {
  const tables = await database.queries.introspection.getTables();
  const columns = new Map(tables.map(({ name, columns: all }) => [name, all.map((column) => column.name)]));
  const owned = [...columns].filter(([, names]) => names.includes("account_id")).map(([name]) => name);
  const listed = Object.keys(keptTables).filter((name) => name !== "accounts");
  expect(listed.toSorted()).toEqual(owned.toSorted());
  for (const [name, kept] of Object.entries(keptTables)) {
    const needed = [
      ...("key" in kept ? [kept.key] : []),
      ...("forget" in kept ? [kept.forget.time] : []),
      ...(kept.of === "device" ? ["device_id"] : []),
    ];
    expect([name, needed.filter((column) => columns.get(name)?.includes(column) !== true)]).toEqual([name, []]);
  }
});

describe("what an account keeps no longer", () => {
  test("goes to the millisecond, in steps, and nothing of another account goes with it", async () => {
    const [north, south] = [await anAccount(database, "north"), await anAccount(database, "south")];
    const [van, other] = [await aDevice(database, north), await aDevice(database, south)];
    const edge = now - 60 * dayMs;
    await aTrack(north, van, 5_001, edge - 5_000, 1);
    await aTrack(south, other, 3, edge - 5_000, 1);
    await forgetOldRows(database, { accountId: north, retentionDays: 60 }, now, breathe);
    expect(await timesOf(database, van)).toEqual([edge]);
    expect(await timesOf(database, other)).toHaveLength(3);
    // Between 5,000 rows there are at least two breaths.
    expect(breaths).toBeGreaterThan(Object.values(keptTables).filter((kept) => "forget" in kept).length + 1);
  });

  test("is as many days as the account says", async () => {
    const accountId = await anAccount(database);
    const van = await aDevice(database, accountId);
    await aTrack(accountId, van, 10, now - 10 * dayMs + 1, dayMs);
    await forgetOldRows(database, { accountId, retentionDays: 3 }, now, breathe);
    expect(await timesOf(database, van)).toHaveLength(3);
    await forgetOldRows(database, { accountId, retentionDays: 1 }, now, breathe);
    expect(await timesOf(database, van)).toHaveLength(1);
  });

  test("of the audit is 400 days whatever the account says", async () => {
    const accountId = await anAccount(database);
    for (const days of [399, 401]) await auditAt(accountId, now - days * dayMs);
    await forgetOldRows(database, { accountId, retentionDays: 1 }, now, breathe);
    expect(await database.queries.selectFrom("audit").select("at").execute()).toEqual([{ at: now - 399 * dayMs }]);
  });

  test("is a device that was unbound, once its last fix has gone; never one that is bound", async () => {
    const accountId = await anAccount(database);
    const [bound, fresh, old] = [
      await aDevice(database, accountId),
      await aDevice(database, accountId),
      await aDevice(database, accountId),
    ];
    const unbind = (id: number, at: number) =>
      database.queries.updateTable("devices").set({ unbound_at: at }).where("id", "=", id).execute();
    await unbind(fresh, now - 60 * dayMs);
    await unbind(old, now - 62 * dayMs);
    await forgetOldRows(database, { accountId, retentionDays: 60 }, now, breathe);
    const left = await database.queries.selectFrom("devices").select("id").orderBy("id").execute();
    expect(left.map(({ id }) => id)).toEqual([bound, fresh]);
  });
});

describe("erasing an account", () => {
  test("stopped anywhere and begun again leaves no row of it, and every row of another", async () => {
    const [north, south] = [await anAccount(database, "north"), await anAccount(database, "south")];
    const [van, other] = [await aDevice(database, north), await aDevice(database, south)];
    await aTrack(north, van, 4_500, 0, 1);
    await aTrack(south, other, 10, 0, 1);
    for (let n = 0; n < 10; n += 1) await auditAt(n % 2 === 0 ? north : south, n);
    for (let stopAt = 1; stopAt < 40; stopAt += 1) {
      let left = stopAt;
      const untilStopped = async () => {
        left -= 1;
        if (left === 0) throw new Error("the server stops");
      };
      await eraseRows(database, north, untilStopped).catch(() => undefined);
    }
    const accounts = await database.queries.selectFrom("accounts").select("id").execute();
    expect(accounts).toEqual([{ id: south }]);
    expect(await timesOf(database, van)).toEqual([]);
    expect(await timesOf(database, other)).toHaveLength(10);
    expect(await database.queries.selectFrom("audit").select("account_id").execute()).toEqual(
      Array<object>(5).fill({ account_id: south }),
    );
  });
});
