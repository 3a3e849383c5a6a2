import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../database.ts";
import { ConstraintError, DatabaseBusyError, DatabaseUnavailableError } from "../errors.ts";
import { aDevice, aFix, anAccount, timesOf } from "../testing.ts";
import { maxTransactionMs } from "../transaction-limits.ts";

/** What every database keeps to in queries and transactions; `open` gives an empty one. */
export function transactionsSpec(open: () => Promise<Database>): void {
  let database: Database;
  let accountId: number;
  beforeEach(async () => {
    database = await open();
    accountId = await anAccount(database);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await database.close();
  });

  const deviceNames = async () =>
    (await database.queries.selectFrom("devices").select("name").orderBy("id").execute()).map((row) => row.name);
  const van = (name: string, identifier: string | null = null) => ({
    account_id: accountId,
    name,
    identifier,
    bound_at: 0,
  });

  describe("a transaction", () => {
    test("keeps all it did", async () => {
      const id = await database.transaction(async (tx) => {
        await tx.insertInto("devices").values(van("a")).execute();
        return (await tx.insertInto("devices").values(van("b")).returning("id").executeTakeFirstOrThrow()).id;
      });
      expect(id).toBe(2);
      expect(await deviceNames()).toEqual(["a", "b"]);
    });

    test("keeps nothing when its work fails", async () => {
      const work = database.transaction(async (tx) => {
        await tx.insertInto("devices").values(van("a")).execute();
        throw new Error("changed my mind");
      });
      await expect(work).rejects.toThrow("changed my mind");
      expect(await deviceNames()).toEqual([]);
    });

    test("that rolls back takes along neither a location batch nor a query that came meanwhile", async () => {
      const deviceId = await aDevice(database, accountId);
      const meanwhile: Promise<unknown>[] = [];
      const work = database.transaction(async (tx) => {
        await tx.insertInto("devices").values(van("undone")).execute();
        meanwhile.push(
          database.writeLocations({ samples: [aFix({ deviceId, accountId, atMs: 1 })], devices: [] }),
          database.queries.insertInto("devices").values(van("kept")).execute(),
        );
        await tx.insertInto("devices").values(van("undone too")).execute();
        throw new Error("no");
      });
      await expect(work).rejects.toThrow("no");
      await Promise.all(meanwhile);
      expect(await timesOf(database, deviceId)).toEqual([1]);
      expect(await deviceNames()).toEqual(["van", "kept"]);
    });

    test("cannot be carried on after a failed statement, as in PostgreSQL", async () => {
      const work = database.transaction(async (tx) => {
        await tx.insertInto("devices").values(van("a", "1")).execute();
        await tx
          .insertInto("devices")
          .values(van("b", "1"))
          .execute()
          .catch(() => undefined);
        await tx.insertInto("devices").values(van("c")).execute();
      });
      await expect(work).rejects.toThrow("can only be rolled back");
      expect(await deviceNames()).toEqual([]);
    });

    test("does not pass for committed when a failed statement was overlooked", async () => {
      const work = database.transaction(async (tx) => {
        await tx.insertInto("devices").values(van("a", "1")).execute();
        await tx
          .insertInto("devices")
          .values(van("b", "1"))
          .execute()
          .catch(() => undefined);
      });
      await expect(work).rejects.toThrow("rolled back");
      expect(await deviceNames()).toEqual([]);
    });

    test("that never ends is rolled back, and others go on", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      let inside: (() => void) | undefined;
      const begun = new Promise<void>((resolve) => {
        inside = resolve;
      });
      let goOn: (() => void) | undefined;
      const stuck = database.transaction(async (tx) => {
        await tx.insertInto("devices").values(van("stuck")).execute();
        inside?.();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        await tx.insertInto("devices").values(van("late")).execute();
      });
      const outcome = stuck.catch((error: unknown) => error);
      await begun;
      vi.advanceTimersByTime(maxTransactionMs);
      expect(await deviceNames()).toEqual([]);
      goOn?.();
      expect(await outcome).toBeInstanceOf(DatabaseBusyError);
      expect(await deviceNames()).toEqual([]);
    });
  });

  describe("a query", () => {
    test("that breaks a rule says which", async () => {
      await database.queries.insertInto("devices").values(van("a", "7")).execute();
      const twice = database.queries.insertInto("devices").values(van("b", "7")).execute();
      await expect(twice).rejects.toMatchObject({
        kind: "unique",
        table: "devices",
        columns: ["account_id", "identifier"],
      });
      const orphan = database.queries
        .insertInto("devices")
        .values({ account_id: 99, name: "x", bound_at: 0 })
        .execute();
      await expect(orphan).rejects.toMatchObject({ kind: "foreign-key" });
      await expect(orphan).rejects.toBeInstanceOf(ConstraintError);
    });

    test("may give an unbound device's identifier to another", async () => {
      await database.queries
        .insertInto("devices")
        .values({ ...van("a", "7"), unbound_at: 5 })
        .execute();
      await database.queries.insertInto("devices").values(van("b", "7")).execute();
      expect(await deviceNames()).toEqual(["a", "b"]);
    });

    test("counts the rows it changed", async () => {
      await database.queries.insertInto("devices").values(van("a")).execute();
      await database.queries.insertInto("devices").values(van("b")).execute();
      const updated = await database.queries.updateTable("devices").set({ name: "c" }).executeTakeFirstOrThrow();
      expect(updated.numUpdatedRows).toBe(2n);
    });

    test("takes no truth value and no Date", async () => {
      const where = (value: unknown) => sql`select ${value}`.execute(database.queries);
      await expect(where(true)).rejects.toThrow(TypeError);
      await expect(where(new Date(0))).rejects.toThrow("Date");
      await expect(where(undefined)).rejects.toThrow("undefined");
    });

    test("never sees an id given twice", async () => {
      const first = await aDevice(database, accountId);
      await database.queries.deleteFrom("devices").where("id", "=", first).execute();
      expect(await aDevice(database, accountId)).toBeGreaterThan(first);
    });
  });

  describe("after closing", () => {
    test("later calls are told", async () => {
      await database.close();
      await expect(deviceNames()).rejects.toBeInstanceOf(DatabaseUnavailableError);
      const late = database.writeLocations({ samples: [aFix({ deviceId: 1, accountId, atMs: 1 })], devices: [] });
      await expect(late).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(database.state).toBe("unavailable");
    });
  });
}
