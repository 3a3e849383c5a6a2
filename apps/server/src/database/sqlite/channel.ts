import { Worker } from "node:worker_threads";
import { DatabaseOpenError, DatabaseUnavailableError } from "../errors.ts";
import { errorFrom } from "./failures.ts";
import type { Opening, Reply, Request, WorkerData } from "./protocol.ts";

export type Channel = {
  /** Rejects with the typed error of the failure; DatabaseUnavailableError once the worker has ended. */
  ask(request: Request, transfer?: ArrayBuffer[]): Promise<Reply>;
  /** Closes the file and waits for the worker's end. */
  close(): Promise<void>;
};

type Pending = { resolve(reply: Reply): void; reject(reason: Error): void };

/** Starts the thread that opens `file`. */
export type StartWorker = (file: string) => Worker;

export const startDatabaseWorker: StartWorker = (file) =>
  new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { file } satisfies WorkerData,
    // No flags of the starting process: a test runner's loaders have no place in the worker.
    execArgv: [],
    name: "database",
  });

export type ChannelOptions = {
  readonly file: string;
  readonly startWorker: StartWorker;
  /** Called when the worker ends without having been asked to. */
  ended(error: Error): void;
};

/** Starts the worker and opens the file in it; DatabaseOpenError. */
export async function openChannel(options: ChannelOptions): Promise<Channel> {
  const { file } = options;
  const worker = options.startWorker(file);
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let gone: DatabaseUnavailableError | null = null;
  let closing: Promise<void> | null = null;

  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  let crash: unknown;

  const opening = await new Promise<Opening>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the database worker ended with code ${code}`)));
  }).catch((error: unknown): Opening => {
    return {
      kind: "not-opened",
      problem: "failed",
      message: `${file}: ${error instanceof Error ? error.message : String(error)}`,
    };
  });
  if (opening.kind === "not-opened") {
    await worker.terminate();
    throw new DatabaseOpenError(opening.problem, opening.message);
  }

  worker.on("error", (error) => {
    crash = error;
  });
  worker.once("exit", (code) => {
    gone = closing
      ? new DatabaseUnavailableError("the database is closed")
      : new DatabaseUnavailableError(`the database worker has ended (code ${code}); restart the server`, {
          cause: crash,
        });
    for (const waiting of pending.values()) waiting.reject(gone);
    pending.clear();
    if (closing === null) options.ended(gone);
  });
  worker.on("message", (reply: Reply) => {
    const waiting = pending.get(reply.id);
    pending.delete(reply.id);
    if (reply.kind === "failed") waiting?.reject(errorFrom(reply.failure));
    else waiting?.resolve(reply);
  });

  const ask: Channel["ask"] = (request, transfer = []) => {
    if (gone !== null) return Promise.reject(gone);
    return new Promise((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      worker.postMessage({ id, request }, transfer);
    });
  };

  return {
    ask,
    close() {
      closing ??= (gone === null ? ask({ kind: "close" }) : Promise.resolve())
        .then(
          () => exited,
          async () => {
            await worker.terminate();
          },
        )
        .then(() => undefined);
      return closing;
    },
  };
}
