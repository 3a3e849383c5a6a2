import { describe, expect, test } from "vitest";
import { DatabaseBusyError, DatabaseUnavailableError } from "../errors.ts";
import { transactionsSpec } from "../specs/transactions-spec.ts";
import { aDatabase, silent } from "../testing.ts";
import { startDatabaseWorker } from "./channel.ts";
import { openSqlite } from "./open.ts";

transactionsSpec(aDatabase);

test("a transaction that asks past itself gets DatabaseBusyError instead of waiting for ever", async () => {
  await using database = await aDatabase();
  const work = database.transaction(() => database.queries.selectFrom("accounts").selectAll().execute());
  await expect(work).rejects.toBeInstanceOf(DatabaseBusyError);
});

describe("when the worker ends", () => {
  test("what waits is rejected, later calls too, and the state says so", async () => {
    const workers: ReturnType<typeof startDatabaseWorker>[] = [];
    const crashing = await openSqlite({
      file: ":memory:",
      logger: silent,
      startWorker(file) {
        const worker = startDatabaseWorker(file);
        workers.push(worker);
        return worker;
      },
    });
    const running = [1, 2, 3].map(() => crashing.queries.selectFrom("accounts").selectAll().execute());
    const outcomes = Promise.allSettled(running);
    await workers[0]?.terminate();
    const reasons = (await outcomes).map((outcome) => (outcome.status === "rejected" ? outcome.reason : null));
    expect(reasons.at(-1)).toBeInstanceOf(DatabaseUnavailableError);
    expect(crashing.state).toBe("unavailable");
    await expect(crashing.transaction(() => Promise.resolve())).rejects.toThrow("restart the server");
    await crashing.close();
  });
});
