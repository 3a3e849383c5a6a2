// The one thread that touches the database file. It answers requests in order and knows one transaction at a time.
import { parentPort, workerData } from "node:worker_threads";
import { DatabaseOpenError } from "../errors.ts";
import { failureFrom } from "./failures.ts";
import { openFile } from "./open-file.ts";
import type { Opening, Reply, Request, WorkerData } from "./protocol.ts";
import { createSession } from "./session.ts";

const port = parentPort;
if (port === null) throw new Error("the database worker is started by openSqlite");

function open(): ReturnType<typeof openFile> | Extract<Opening, { kind: "not-opened" }> {
  try {
    return openFile((workerData as WorkerData).file);
  } catch (error) {
    const problem = error instanceof DatabaseOpenError ? error.problem : "failed";
    return { kind: "not-opened", problem, message: error instanceof Error ? error.message : String(error) };
  }
}

const opened = open();
if ("kind" in opened) {
  port.postMessage(opened);
} else {
  const session = createSession(opened);
  let resting = false;
  /** What can wait is done between requests. */
  const rest = (): void => {
    resting = false;
    try {
      if (session.rest()) restLater();
    } catch {
      // A full disk: the request after the next will say so, and the rest waits for it.
    }
  };
  const restLater = (): void => {
    if (resting) return;
    resting = true;
    setImmediate(rest);
  };
  port.on("message", ({ id, request }: { id: number; request: Request }) => {
    try {
      const reply: Reply = { id, ...session.answer(request) };
      port.postMessage(reply, reply.kind === "fresh" ? [reply.fresh.buffer] : []);
      if (request.kind === "close") port.close();
      else restLater();
    } catch (error) {
      const reply: Reply = { id, kind: "failed", failure: failureFrom(error) };
      port.postMessage(reply);
    }
  });
  const word: Opening = { kind: "opened" };
  port.postMessage(word);
}
