import { EventEmitter } from "node:events";
import type { Worker } from "node:worker_threads";
import {
  type Answer,
  createSession,
  type Database,
  failureFrom,
  type Logger,
  type OpenFile,
  openFile,
  openSqlite,
  type Reply,
  type Request,
} from "@dsp-fleet/server/inside";
import { createDice, type Dice } from "./dice.ts";
import { createWorld, startOfTime, type World } from "./world.ts";

/** A disk that outlives the processes that write to it: what was committed stays, whatever they do. */
export type Store = Disposable & {
  /** Opens the file for a process; once `isAlive` is false nothing of what it still asks for is done or answered. */
  open(isAlive: () => boolean, logger: Logger): Promise<Database>;
  /** From now until it is called with false every write fails, as on a full disk. */
  full(isFull: boolean): void;
  /** Calls `run` just before or after the `count`th statement from now is done, ahead of its answer. */
  interrupt(count: number, when: "before" | "after", run: () => void): void;
};

/** Puts something between the server and its store; for planted bugs. */
export type StoreFault = (request: Request, answer: (request: Request) => Answer) => Answer;

const writes = /^\s*(?:insert|update|delete)/i;
const writing = (request: Request): boolean =>
  request.kind === "locations" || request.kind === "commit" || (request.kind === "query" && writes.test(request.sql));

export function createStore(world: World, dice: Dice, file: OpenFile, fault: StoreFault | null): Store {
  let isFull = false;
  let interruption: { count: number; when: "before" | "after"; run: () => void } | null = null;

  function interrupt(when: "before" | "after"): void {
    if (interruption === null || interruption.when !== when) return;
    interruption.count -= 1;
    if (interruption.count > 0) return;
    const { run } = interruption;
    interruption = null;
    run();
  }

  /** The database worker, but in this thread and in virtual time. */
  class SimulatedWorker extends EventEmitter {
    readonly #isAlive: () => boolean;
    readonly #session = createSession(file);
    #busyUntil = 0;

    constructor(isAlive: () => boolean) {
      super();
      this.#isAlive = isAlive;
      this.#session.answer({ kind: "rollback" });
      this.#later(0, () => this.emit("message", { kind: "opened" }));
    }

    postMessage({ id, request }: { id: number; request: Request }): void {
      const takesMs = dice.chance(0.01) ? dice.between(50, 400) : dice.between(0, 3);
      this.#busyUntil = Math.max(this.#busyUntil, world.now()) + takesMs;
      this.#later(this.#busyUntil - world.now(), () => {
        interrupt("before");
        if (!this.#isAlive()) return;
        const reply = this.#reply(id, request);
        interrupt("after");
        // A crash in here leaves what was committed, and nobody who knows of it.
        this.#later(dice.between(0, 2), () => {
          this.emit("message", reply);
          if (request.kind === "close") this.emit("exit", 0);
        });
      });
    }

    terminate(): Promise<number> {
      this.emit("exit", 1);
      return Promise.resolve(1);
    }

    #reply(id: number, request: Request): Reply {
      // The file stays open for the processes to come.
      if (request.kind === "close") return { id, kind: "done" };
      try {
        if (isFull && writing(request)) {
          if (request.kind === "commit") this.#session.answer({ kind: "rollback" });
          throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
        }
        const answer = (asked: Request) => this.#session.answer(asked);
        return { id, ...(fault === null ? answer(request) : fault(request, answer)) };
      } catch (error) {
        return { id, kind: "failed", failure: failureFrom(error) };
      }
    }

    #later(ms: number, run: () => void): void {
      world.after(ms, () => {
        if (!this.#isAlive()) return;
        world.stirred();
        run();
      });
    }
  }

  return {
    open: (isAlive, logger) =>
      openSqlite({
        file: ":memory:",
        logger,
        now: world.now,
        // The server uses of a worker what an EventEmitter has, postMessage and terminate.
        startWorker: () => new SimulatedWorker(isAlive) as unknown as Worker,
      }),
    full(full) {
      isFull = full;
    },
    interrupt(count, when, run) {
      interruption = { count, when, run };
    },
    [Symbol.dispose]: () => emptyFile(file),
  };
}

/** An empty database with all its tables: for many seeds, one after the other. */
export async function newFile(): Promise<OpenFile> {
  const file = openFile(":memory:");
  const world = createWorld();
  const quiet = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} } as unknown as Logger;
  using store = createStore(world, createDice(0), file, null);
  const opened = store.open(() => true, quiet);
  world.stirred();
  await world.runUntil(startOfTime + 60_000);
  await opened;
  return file;
}

/** Making the tables takes longer than emptying them. */
function emptyFile({ db }: OpenFile): void {
  if (db.isTransaction) db.exec("rollback");
  const tables = db
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'schema_migrations'",
    )
    .all();
  db.exec("pragma foreign_keys = off; begin");
  for (const { name } of tables) db.exec(`delete from "${String(name)}"`);
  db.exec("delete from sqlite_sequence; commit; pragma foreign_keys = on");
}
