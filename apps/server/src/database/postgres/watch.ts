import type { Client } from "pg";
import type { DatabaseLogger } from "../database.ts";
import { DatabaseUnavailableError } from "../errors.ts";
import { ConnectionLost, errorFrom } from "./failures.ts";
import type { PostgresLimits } from "./limits.ts";

/** Any number that no other program uses: whoever holds it is the one server of this database. */
export const serverLock = 7_305_421_337;

/**
 * ready ──a write fails──▶ no-writes ──a probe writes──▶ ready       (reading goes on)
 * ready, no-writes ──no answer──▶ gone ──a probe connects, holds the lock and writes──▶ ready       (nothing is tried)
 * any ──close──▶ ended
 */
export type WatchState = "ready" | "no-writes" | "gone" | "ended";

export type Watch = {
  readonly state: WatchState;
  /** DatabaseUnavailableError where trying is in vain: a call fails at once then, instead of waiting with all others. */
  admit(): void;
  /** Asks the server, on the watch's own connection, whether it is there, because of a slow or failed statement. */
  doubt(): void;
  /** Takes note of what a caller got. */
  failed(error: Error): void;
  close(): Promise<void>;
};

export type WatchOptions = {
  /** Connected, holding the lock. */
  readonly first: Client;
  /** Another such client, when the first is lost. */
  reconnect(): Promise<Client>;
  /** Everything on other connections is in vain now. */
  onGone(): void;
  readonly logger: DatabaseLogger;
  readonly limits: PostgresLimits;
};

/** Keeps one connection apart from the queries, and knows by it whether the server is there. */
export function createWatch(options: WatchOptions): Watch {
  const { logger, limits } = options;
  let client: Client | null = null;
  let state: WatchState = "ready";
  let probing: NodeJS.Timeout | undefined;
  let asking = false;

  const answers = (query: Promise<unknown>) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer in time")), limits.aliveMs);
      query.then(() => resolve(), reject).finally(() => clearTimeout(timer));
    });

  const adopt = (next: Client) => {
    client = next;
    const lose = (error?: Error) => {
      if (client === next) gone(error ?? new Error("the server ended the connection"));
    };
    next.on("error", lose);
    next.on("end", () => lose());
  };

  function leave(): void {
    const old = client;
    client = null;
    // May wait for a server that never answers; nobody waits for this.
    old?.end().catch(() => undefined);
  }

  function gone(error: Error): void {
    if (state === "gone" || state === "ended") return;
    state = "gone";
    logger.error({ err: error }, "database: the server does not answer; trying again twice a second");
    leave();
    options.onGone();
    later();
  }

  function later(): void {
    clearTimeout(probing);
    probing = setTimeout(() => void probe(), limits.probeEveryMs).unref();
  }

  async function probe(): Promise<void> {
    try {
      if (client === null) {
        const next = await options.reconnect();
        if (state !== "ended") adopt(next);
        else return await next.end();
      }
      // Writes a row and syncs it, and changes nothing.
      await answers(
        client?.query("update schema_migrations set name = name") ?? Promise.reject(new Error("lost again")),
      );
      if (state !== "gone" && state !== "no-writes") return;
      state = "ready";
      logger.info({}, "database: writing works again");
    } catch (error) {
      if (errorFrom(error) instanceof ConnectionLost || state === "gone") leave();
      if (state === "gone" || state === "no-writes") later();
    }
  }

  async function ask(): Promise<void> {
    if (asking || client === null) return;
    asking = true;
    const asked = client;
    await answers(asked.query("select 1")).catch((error: Error) => {
      if (client === asked) gone(error);
    });
    asking = false;
  }

  adopt(options.first);
  return {
    get state() {
      return state;
    },
    admit() {
      if (state === "gone") throw new DatabaseUnavailableError("database: the server does not answer");
      if (state === "ended") throw new DatabaseUnavailableError("the database is closed");
    },
    doubt: () => void ask(),
    failed(error) {
      if (error instanceof ConnectionLost) void ask();
      else if (error instanceof DatabaseUnavailableError && state === "ready") {
        state = "no-writes";
        logger.error({ err: error }, "database: a write failed; trying again twice a second");
        later();
      }
    },
    async close() {
      state = "ended";
      clearTimeout(probing);
      const old = client;
      client = null;
      await old?.end();
    },
  };
}
