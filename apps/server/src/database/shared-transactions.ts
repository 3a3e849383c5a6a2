import type { Transaction } from "kysely";
import type { Database } from "./database.ts";
import { DatabaseBusyError, DatabaseUnavailableError } from "./errors.ts";
import type { Tables } from "./schema.ts";

export type SharedTransactions = {
  /**
   * Runs this work after all that came before it; on disk when it resolves, and results come in order. What waits
   * meanwhile shares one transaction. Work may run a second time, so it must do nothing but ask the database.
   */
  run<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T>;
};

/** One fsync for so many: a commit costs as much as tens of small statements. */
const atOnce = 200;
/** Each is a closure of some hundred bytes; 5,000 phones may answer one message at once. */
const maxWaiting = 20_000;

type Waiting = {
  work(tx: Transaction<Tables>): Promise<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
};

/** Many small changes, one at a time, a commit for all that came meanwhile. */
export function createSharedTransactions(database: Pick<Database, "transaction">): SharedTransactions {
  const waiting: Waiting[] = [];
  let running = false;

  async function together(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await database.transaction(async (tx) => {
        const done: unknown[] = [];
        for (const { work } of batch) done.push(await work(tx));
        return done;
      });
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]);
    } catch (error) {
      const isEverybodys = error instanceof DatabaseUnavailableError || error instanceof DatabaseBusyError;
      if (batch.length === 1 || isEverybodys) for (const { reject } of batch) reject(error);
      // One that cannot be done must not spoil the others.
      else for (const one of batch) await together([one]);
    }
  }

  async function pump(): Promise<void> {
    running = true;
    while (waiting.length > 0) await together(waiting.splice(0, atOnce));
    running = false;
  }

  return {
    run: <T>(work: (tx: Transaction<Tables>) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length >= maxWaiting) {
          return reject(new DatabaseBusyError(`${waiting.length} changes wait for the database already`));
        }
        waiting.push({ work, resolve: (result) => resolve(result as T), reject });
        if (!running) void pump();
      }),
  };
}
