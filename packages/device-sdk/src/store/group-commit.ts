import type { DatabaseSync } from "node:sqlite";

type Waiting = { run: () => void; resolve: () => void; reject: (cause: unknown) => void };

export type GroupCommit = {
  /** Runs the change in the next transaction; resolves once that is on disk. */
  write<T>(change: () => T): Promise<T>;
  /** Commits what waits now. */
  flush(): void;
};

/** Longest wait for company: a thousand vans that report in one second then cost a few dozen fsyncs, not a thousand. */
const windowMs = 20;

/** Puts the changes of a moment into one transaction, so that they share one fsync. */
export function groupCommit(database: DatabaseSync): GroupCommit {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | null = null;

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      database.exec("BEGIN IMMEDIATE");
      for (const { run } of group) run();
      database.exec("COMMIT");
    } catch (cause) {
      if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
      for (const { reject } of group) reject(cause);
      return;
    }
    for (const { resolve } of group) resolve();
  }

  return {
    write: <T>(change: () => T) =>
      new Promise<T>((resolve, reject) => {
        let result: T;
        waiting.push({
          run: () => {
            result = change();
          },
          resolve: () => resolve(result),
          reject,
        });
        timer ??= setTimeout(flush, windowMs);
      }),
    flush,
  };
}
