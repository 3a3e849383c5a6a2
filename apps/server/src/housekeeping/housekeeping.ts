import { type Clock, every } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { Logger } from "../logger.ts";
import { eraseRows } from "./erase-rows.ts";
import { forgetOldRows } from "./forget-old-rows.ts";

/** After a start: when the phones are back. */
const firstRunAfterMs = 60_000;
const runEveryMs = 24 * 3_600_000;
/** Others work meanwhile: at most a third of the database's time is the housekeeping's. */
const breathMs = 50;
/** Calls that ran when the account was closed have written what they had by then. */
const eraseAfterMs = 5_000;
/** After a failure, such as a database that was away. */
const tryAgainMs = 10 * 60_000;
const dayMs = 24 * 3_600_000;

export type Housekeeping = {
  /** Erases a closed account's rows in a moment. */
  erase(accountId: number): void;
  /** Resolves when the step that runs is done. */
  stop(): Promise<void>;
};

export type HousekeepingParts = {
  database: Database;
  clock: Clock;
  logger: Logger;
  /** Accounts that were closed before the start, and whose rows may still be there. */
  closed: readonly number[];
  /** What lives in memory for the account's devices ends; asked before its rows go. */
  release(accountId: number): Promise<void>;
};

/** Once a day and after each start: forgets what accounts keep no longer. And erases closed accounts. One piece of work at a time. */
export function createHousekeeping({ database, clock, logger, closed, release }: HousekeepingParts): Housekeeping {
  let stopped = false;
  let work: Promise<void> = Promise.resolve();

  let endBreath = () => {};
  const breathe = async (): Promise<void> => {
    if (!stopped) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(breathMs, resolve);
        endBreath = () => {
          cancel();
          resolve();
        };
      });
    }
    if (stopped) throw new Error("the server stops");
  };

  function enqueue(what: string, run: () => Promise<void>): void {
    if (stopped) return;
    work = work.then(run).catch((error: unknown) => {
      if (stopped) return;
      logger.error({ err: error }, `${what} failed; it is tried again`);
      clock.after(tryAgainMs, () => enqueue(what, run));
    });
  }

  async function forget(): Promise<void> {
    const accounts = await database.queries
      .selectFrom("accounts")
      .select(["id", "retention_days"])
      .where("erasing_at", "is", null)
      .orderBy("id")
      .execute();
    const longest = Math.max(...accounts.map((account) => account.retention_days));
    if (accounts.length > 0) await database.dropMonthsBefore(clock.now() - longest * dayMs);
    let rows = 0;
    for (const { id: accountId, retention_days: retentionDays } of accounts) {
      rows += await forgetOldRows(database, { accountId, retentionDays }, clock.now(), breathe);
    }
    logger.info({ accounts: accounts.length, rows }, "what accounts keep no longer was deleted");
  }

  function erase(accountId: number): void {
    clock.after(eraseAfterMs, () =>
      enqueue("erasing an account", async () => {
        await release(accountId);
        await eraseRows(database, accountId, breathe);
        logger.info({ accountId }, "an account was erased");
      }),
    );
  }

  for (const accountId of closed) erase(accountId);
  const run = () => enqueue("deleting what is kept no longer", forget);
  const cancelFirst = clock.after(firstRunAfterMs, run);
  const cancelDaily = every(clock, runEveryMs, run);

  return {
    erase,
    async stop() {
      stopped = true;
      cancelFirst();
      cancelDaily();
      endBreath();
      await work;
    },
  };
}
