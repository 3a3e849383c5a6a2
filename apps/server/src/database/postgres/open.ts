import { Kysely } from "kysely";
import { DatabaseError } from "pg";
import type { Database, DatabaseLogger, Door } from "../database.ts";
import { DatabaseOpenError } from "../errors.ts";
import { createGate } from "../gate.ts";
import { createGroupWriter, defaultGroupLimits } from "../group-writer.ts";
import { postgresColumnKinds } from "../migrations/column-kinds.ts";
import { type Migration, type MigrationTables, migrate } from "../migrations/migrate.ts";
import type { Tables } from "../schema.ts";
import { maxTransactionMs } from "../transaction-limits.ts";
import { checkServer, roleFor } from "./check-server.ts";
import { type Connections, createConnections } from "./connections.ts";
import { leaseDialect } from "./dialect.ts";
import type { ColumnsOf } from "./failures.ts";
import { connectWithLock, firstConnection } from "./first-connection.ts";
import { createLeases, type Leases, type Scope } from "./lease.ts";
import { defaultPostgresLimits, type PostgresLimits } from "./limits.ts";
import { createLocationWriter } from "./locations.ts";
import { createMonths } from "./months.ts";
import { raiseWalls } from "./row-security.ts";
import { readRules } from "./rules.ts";
import { createSharedGate } from "./shared-gate.ts";
import { serialized } from "./transactions.ts";
import { createWatch, type Watch } from "./watch.ts";

export type OpenPostgresOptions = {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  readonly logger: DatabaseLogger;
  readonly now?: () => number;
  readonly migrations?: readonly Migration[];
  readonly limits?: Partial<PostgresLimits>;
};

/** Rows of one commit: putting them into words takes about 10 ms of the main thread. */
const groupLimits = { ...defaultGroupLimits, maxRowsPerCommit: 2_000 };

/** Opens, checks and migrates the PostgreSQL database. DatabaseOpenError says what is wrong and what to do. */
export async function openPostgres(options: OpenPostgresOptions): Promise<Database> {
  const { logger, now = Date.now } = options;
  const limits = { ...defaultPostgresLimits, ...options.limits };
  const connections = createConnections(options.url, limits);
  const { host, port, database } = connections.client();
  const where = `DATABASE_URL: the database "${database}" at ${host}:${port}`;

  const first = await firstConnection(connections, where, limits);
  let role: string | null;
  try {
    await checkServer(first, where);
    role = await roleFor(first, where);
    if (role !== null) await first.query(`set role ${role}`);
  } catch (error) {
    await first.end();
    throw error;
  }
  const watch = createWatch({
    first,
    async reconnect() {
      const next = await connectWithLock(connections, limits);
      if (next === null) throw new Error("another server has taken this database");
      if (role !== null) await next.query(`set role ${role}`);
      return next;
    },
    onGone: () => connections.cut(),
    logger,
    limits,
  });
  connections.pool.on("error", () => watch.doubt());
  let columnsOf: ColumnsOf = () => [];
  const leases = createLeases(connections, watch, { role, limits, columnsOf: (...rule) => columnsOf(...rule) });

  try {
    const patient: Scope = { account: "all", statementMs: 0, transactionMs: 0 };
    const db = new Kysely<MigrationTables>({ dialect: leaseDialect(leases, patient) });
    const steps = await migrate(db, {
      kind: postgresColumnKinds,
      where,
      now,
      ...(options.migrations === undefined ? {} : { migrations: options.migrations }),
    });
    await raiseWalls(db);
    columnsOf = await readRules(db);
    if (steps.length > 0) logger.info({ steps }, "database: tables brought up to date");
    return await databaseOn({ connections, watch, leases, limits, now });
  } catch (error) {
    await watch.close();
    await connections.pool.end();
    throw openErrorOf(where, error);
  }
}

function openErrorOf(where: string, error: unknown): unknown {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const denied = cause instanceof DatabaseError ? cause.code === "42501" : String(cause).includes("permission denied");
  if (!denied || error instanceof DatabaseOpenError) return error;
  return new DatabaseOpenError(
    "not-writable",
    `${where}: its user may not make tables there. Let it own the database: alter database … owner to ….`,
    { cause: error },
  );
}

const noop = () => undefined;

type Parts = { connections: Connections; watch: Watch; leases: Leases; limits: PostgresLimits; now: () => number };

async function databaseOn({ connections, watch, leases, limits, now }: Parts): Promise<Database> {
  const everyone: Scope = { account: "all", statementMs: limits.statementMs, transactionMs: maxTransactionMs };
  const transactions = createSharedGate();
  const doorOf = (scope: Scope): Door => {
    const queries = new Kysely<Tables>({ dialect: leaseDialect(leases, scope) });
    return { queries, transaction: (work) => serialized(queries, transactions, work) };
  };

  const months = createMonths(leases, everyone, now);
  await months.ensure([]);
  // One group at a time, and no month goes while one is written.
  const gate = createGate();
  const writer = createGroupWriter(gate, createLocationWriter(leases, everyone, months), groupLimits);

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    // Behind what was asked before.
    const leaves = [await gate.enter().catch(() => noop), await transactions.enter("alone").catch(() => noop)];
    // The pool waits for what runs, and turns away what comes.
    const ended = connections.pool.end();
    await watch.close();
    await ended;
    for (const leave of leaves) leave();
  }

  const opened: Database = {
    ...doorOf(everyone),
    forAccount: (accountId) => doorOf({ ...everyone, account: accountId }),
    writeLocations: (batch) => writer.writeLocations(batch),
    async dropMonthsBefore(ms) {
      const leave = await gate.enter();
      try {
        return await months.dropBefore(ms);
      } finally {
        leave();
      }
    },
    get state() {
      return watch.state === "ready" ? "ready" : "unavailable";
    },
    checkpoint: () => Promise.resolve(),
    close() {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]: () => opened.close(),
  };
  return opened;
}
