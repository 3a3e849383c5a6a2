import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import { sqlValue } from "../sql-value.ts";
import type { Lease, Leases, Scope } from "./lease.ts";

const changing = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

function connectionOn(lease: Lease): DatabaseConnection {
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, command, count } = await lease.run(query.sql, query.parameters.map(sqlValue));
      // Rows have the shape the builder derived from Tables.
      return { rows: rows as R[], ...(changing.has(command) ? { numAffectedRows: BigInt(count) } : {}) };
    },
    streamQuery() {
      throw new Error("results are not streamed; read in pages by key");
    },
  };
}

/** The driver makes every connection itself, so each one it gets back has a lease. */
function createDriver(leases: Leases, scope: Scope): Driver {
  const lent = new WeakMap<DatabaseConnection, Lease>();
  const leaseOf = (connection: DatabaseConnection): Lease => {
    const lease = lent.get(connection);
    if (lease === undefined) throw new Error("not a connection of this driver");
    return lease;
  };
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      const lease = await leases.take(scope);
      const connection = connectionOn(lease);
      lent.set(connection, lease);
      return connection;
    },
    beginTransaction: (connection) => leaseOf(connection).begin("serializable"),
    commitTransaction: (connection) => leaseOf(connection).commit(),
    rollbackTransaction: (connection) => leaseOf(connection).rollback(),
    releaseConnection: (connection) => leaseOf(connection).release(),
    destroy: () => Promise.resolve(),
  };
}

/** Kysely's way to the server, for one scope. */
export function leaseDialect(leases: Leases, scope: Scope): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(leases, scope),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}
