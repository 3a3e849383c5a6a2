import { Kysely } from "kysely";
import type { Database, DatabaseLogger, Door } from "../database.ts";
import { DatabaseUnavailableError } from "../errors.ts";
import { createGate } from "../gate.ts";
import { createGroupWriter } from "../group-writer.ts";
import { toLocationColumns } from "../location-columns.ts";
import { sqliteColumnKinds } from "../migrations/column-kinds.ts";
import { type Migration, type MigrationTables, migrate } from "../migrations/migrate.ts";
import type { Tables } from "../schema.ts";
import { type Channel, openChannel, type StartWorker, startDatabaseWorker } from "./channel.ts";
import { workerDialect } from "./dialect.ts";

export type OpenSqliteOptions = {
  /** A path, its folder is made where missing; or ":memory:". */
  readonly file: string;
  readonly logger: DatabaseLogger;
  readonly now?: () => number;
  readonly migrations?: readonly Migration[];
  readonly startWorker?: StartWorker;
};

/** Often enough to write again well within 5 s of the disk's return. */
const probeEveryMs = 1_000;

/** Opens, checks and migrates the SQLite database. DatabaseOpenError says what is wrong and what to do; nothing was changed then. */
export async function openSqlite(options: OpenSqliteOptions): Promise<Database> {
  const { file, logger } = options;
  let state: "ready" | "away" | "ended" = "ready";
  let probing: NodeJS.Timeout | undefined;

  const channel = await openChannel({
    file,
    startWorker: options.startWorker ?? startDatabaseWorker,
    ended(error) {
      state = "ended";
      clearTimeout(probing);
      logger.error({ err: error }, "database worker ended: nothing is stored until the server is started again");
    },
  });
  const gate = createGate();

  const isBack = () => {
    clearTimeout(probing);
    probing = undefined;
    if (state !== "away") return;
    state = "ready";
    logger.info({}, "database: writing works again");
  };
  const probe = async () => {
    try {
      const leave = await gate.enter();
      try {
        await channel.ask({ kind: "probe" });
        isBack();
      } finally {
        leave();
      }
    } catch {
      if (state === "away") probing = setTimeout(() => void probe(), probeEveryMs).unref();
    }
  };
  const watched: Channel = {
    ...channel,
    async ask(request, transfer) {
      try {
        return await channel.ask(request, transfer);
      } catch (error) {
        if (error instanceof DatabaseUnavailableError && state === "ready") {
          state = "away";
          logger.error({ err: error }, "database: a write failed; trying again every second");
          probing = setTimeout(() => void probe(), probeEveryMs).unref();
        }
        throw error;
      }
    },
  };

  const dialect = workerDialect(watched, gate);
  const queries = new Kysely<Tables>({ dialect });
  const writer = createGroupWriter(gate, async (batches) => {
    const columns = toLocationColumns(batches);
    const reply = await watched.ask({ kind: "locations", columns }, [columns.samples.buffer, columns.states.buffer]);
    if (reply.kind !== "fresh") throw new Error(`the database worker answered a location batch with "${reply.kind}"`);
    return reply.fresh;
  });

  let closing: Promise<void> | undefined;
  const close = async () => {
    const leave = await gate.enter().catch(() => () => undefined);
    state = "ended";
    clearTimeout(probing);
    try {
      await channel.close();
    } finally {
      leave();
    }
  };
  const door: Door = { queries, transaction: (work) => queries.transaction().execute(work) };
  const database: Database = {
    ...door,
    forAccount: () => door,
    dropMonthsBefore: () => Promise.resolve([]),
    writeLocations: (batch) => writer.writeLocations(batch),
    get state() {
      return state === "ready" ? "ready" : "unavailable";
    },
    async checkpoint() {
      const leave = await gate.enter();
      try {
        await watched.ask({ kind: "checkpoint" });
      } finally {
        leave();
      }
    },
    close() {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]: () => database.close(),
  };

  try {
    const steps = await migrate(new Kysely<MigrationTables>({ dialect }), {
      kind: sqliteColumnKinds,
      where: file,
      now: options.now ?? Date.now,
      ...(options.migrations === undefined ? {} : { migrations: options.migrations }),
    });
    if (steps.length > 0) logger.info({ steps }, "database: tables brought up to date");
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
