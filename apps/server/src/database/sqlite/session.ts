import type { LocationColumns } from "../location-columns.ts";
import { locationStatements } from "./location-statements.ts";
import type { OpenFile } from "./open-file.ts";
import type { Reply, Request } from "./protocol.ts";
import { keptStatements } from "./statements.ts";

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Answer = Without<Reply, "id">;

/** none ──begin──▶ open ──commit, rollback──▶ none;  open ──a statement fails──▶ failed ──commit (fails), rollback──▶ none */
type TransactionState = "none" | "open" | "failed";

/** Answers requests on an open file. After a failed statement a transaction takes nothing but its rollback, as in PostgreSQL. */
export function createSession(file: OpenFile) {
  const { db } = file;
  const statements = keptStatements(db);
  const hasLog = db.prepare("select 1 from sqlite_schema where name = 'live_log'");
  let locations: ReturnType<typeof locationStatements> | undefined;
  let transaction: TransactionState = "none";

  const rollback = () => {
    // SQLite has already rolled back by itself after some errors, a full disk for one.
    if (db.isTransaction) db.exec("rollback");
    transaction = "none";
    locations?.log.rolledBack();
  };

  /** Commits what `work` did, or nothing. */
  const atomically = <T>(work: () => T): T => {
    if (transaction !== "none") throw new Error("a transaction is open already");
    db.exec("begin immediate");
    try {
      const result = work();
      db.exec("commit");
      return result;
    } catch (error) {
      rollback();
      throw error;
    }
  };

  const writeLocations = (columns: LocationColumns) => {
    // Outside the transaction: what is set up here must not go with one that fails.
    locations ??= locationStatements(db);
    const { write } = locations;
    return atomically(() => write(columns));
  };

  /** Whoever reads or changes the track finds every live fix in it. */
  const completeTrack = (): void => {
    if (locations === undefined && hasLog.get() !== undefined) locations = locationStatements(db);
    const log = locations?.log;
    if (log === undefined || log.isEmpty) return;
    if (transaction === "none") atomically(() => log.drain());
    else log.drain();
  };

  const query = (request: Extract<Request, { kind: "query" }>): Answer => {
    if (transaction === "failed")
      throw new Error("a statement of this transaction has failed; it can only be rolled back");
    try {
      if (request.sql.includes("location_samples")) completeTrack();
      const { rows, changes } = statements.run(request.sql, request.parameters);
      return changes === null ? { kind: "rows", rows } : { kind: "changes", changes };
    } catch (error) {
      if (transaction === "open") transaction = "failed";
      throw error;
    }
  };

  const commit = () => {
    try {
      if (transaction !== "open") throw new Error("the transaction has failed; it was rolled back");
      db.exec("commit");
      transaction = "none";
    } catch (error) {
      rollback();
      throw error;
    }
  };

  return {
    /** Does a little of what can wait; true while there is more of it. */
    rest(): boolean {
      const log = locations?.log;
      if (log === undefined || transaction !== "none" || !log.isDue) return false;
      atomically(() => log.step());
      return log.isDue;
    },

    answer(request: Request): Answer {
      switch (request.kind) {
        case "query":
          return query(request);
        case "locations":
          return { kind: "fresh", fresh: writeLocations(request.columns) };
        case "begin":
          if (transaction !== "none") throw new Error("a transaction is open already");
          db.exec("begin immediate");
          transaction = "open";
          return { kind: "done" };
        case "commit":
          commit();
          return { kind: "done" };
        case "rollback":
          rollback();
          return { kind: "done" };
        case "probe":
          // Writes a page and syncs it, and changes nothing.
          atomically(() => db.exec("update schema_migrations set name = name"));
          return { kind: "done" };
        case "checkpoint":
          db.exec("pragma wal_checkpoint(truncate)");
          return { kind: "done" };
        case "close":
          rollback();
          file.close();
          return { kind: "done" };
      }
    },
  };
}
