import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { DatabaseBusyError } from "../errors.ts";
import type { Gate, Leave } from "../gate.ts";
import { sqlValue } from "../sql-value.ts";
import { maxTransactionMs } from "../transaction-limits.ts";
import type { Channel } from "./channel.ts";

/** One caller's time inside the gate. */
type Lease = DatabaseConnection & {
  begin(): Promise<void>;
  end(how: "commit" | "rollback"): Promise<void>;
  release(): Promise<void>;
};

function createLease(channel: Channel, leave: Leave): Lease {
  let state: "plain" | "transaction" | "overdue" | "released" = "plain";
  let timer: NodeJS.Timeout | undefined;

  const tooLong = () =>
    new DatabaseBusyError(`the transaction took longer than ${maxTransactionMs} ms and was rolled back`);

  const expire = async () => {
    state = "overdue";
    try {
      await channel.ask({ kind: "rollback" });
    } catch {
      // Only a worker that has ended cannot roll back, and then there is nothing left to roll back.
    } finally {
      leave();
    }
  };

  const lease: Lease = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (state === "overdue") throw tooLong();
      if (state === "released") throw new Error("the transaction of this query has ended");
      const reply = await channel.ask({ kind: "query", sql: query.sql, parameters: query.parameters.map(sqlValue) });
      // Rows have the shape the builder derived from Tables.
      if (reply.kind === "rows") return { rows: reply.rows as R[] };
      if (reply.kind === "changes") return { rows: [], numAffectedRows: BigInt(reply.changes) };
      throw new Error(`the database worker answered a query with "${reply.kind}"`);
    },
    streamQuery() {
      throw new Error("results are not streamed; read in pages by key");
    },
    async begin() {
      await channel.ask({ kind: "begin" });
      state = "transaction";
      timer = setTimeout(() => void expire(), maxTransactionMs);
    },
    async end(how) {
      clearTimeout(timer);
      if (state === "overdue") {
        if (how === "commit") throw tooLong();
        return;
      }
      if (state !== "transaction") return;
      state = "plain";
      await channel.ask({ kind: how });
    },
    async release() {
      try {
        if (state === "transaction") await lease.end("rollback");
      } finally {
        state = "released";
        leave();
      }
    },
  };
  return lease;
}

/** The driver makes every connection itself, so each one it gets back is a Lease. */
function createDriver(channel: Channel, gate: Gate): Driver {
  const leases = new WeakMap<DatabaseConnection, Lease>();
  const leaseOf = (connection: DatabaseConnection): Lease => {
    const lease = leases.get(connection);
    if (lease === undefined) throw new Error("not a connection of this driver");
    return lease;
  };
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      const lease = createLease(channel, await gate.enter());
      leases.set(lease, lease);
      return lease;
    },
    beginTransaction: (connection) => leaseOf(connection).begin(),
    commitTransaction: (connection) => leaseOf(connection).end("commit"),
    rollbackTransaction: (connection) => leaseOf(connection).end("rollback"),
    releaseConnection: (connection) => leaseOf(connection).release(),
    destroy: () => Promise.resolve(),
  };
}

const adapter: DialectAdapter = {
  supportsCreateIfNotExists: true,
  // The gate queues with limits; kysely's own queue for single connections has none.
  supportsMultipleConnections: true,
  supportsTransactionalDdl: true,
  supportsReturning: true,
  supportsOutput: false,
  acquireMigrationLock: () => Promise.resolve(),
  releaseMigrationLock: () => Promise.resolve(),
};

/** Kysely's way to the worker, through the gate. */
export function workerDialect(channel: Channel, gate: Gate): Dialect {
  return {
    createAdapter: () => adapter,
    createDriver: () => createDriver(channel, gate),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
