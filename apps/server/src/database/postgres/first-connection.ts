import { setTimeout as wait } from "node:timers/promises";
import type { Client } from "pg";
import { DatabaseOpenError } from "../errors.ts";
import type { Connections } from "./connections.ts";
import { ConnectionLost, errorFrom } from "./failures.ts";
import type { PostgresLimits } from "./limits.ts";
import { serverLock } from "./watch.ts";

/** Connects, notices within seconds when the other machine is gone, and takes the lock; null when another server has it. */
export async function connectWithLock(connections: Connections, limits: PostgresLimits): Promise<Client | null> {
  const client = connections.client();
  const unheard = () => undefined;
  client.on("error", unheard);
  try {
    await client.connect();
    await client.query(`set statement_timeout = ${limits.aliveMs}`);
    await client.query("set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3");
    await client.query("select set_config('dsp.account', 'all', false)");
    const { rows } = await client.query<{ held: 0 | 1 }>(`select pg_try_advisory_lock(${serverLock}) as held`);
    if (rows[0]?.held === 1) return client;
    await client.end();
    return null;
  } catch (error) {
    client.end().catch(unheard);
    throw error;
  }
}

const refused: Readonly<Record<string, string>> = {
  "28P01": "Check user and password in DATABASE_URL.",
  "28000": "Check the user in DATABASE_URL, and pg_hba.conf.",
  "3D000": "Make it first: create database … owner ….",
};

const unreachable = (where: string, error: unknown) => {
  const words = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const advice = refused[code] ?? "See that the server runs and that DATABASE_URL names its address.";
  return new DatabaseOpenError("unreachable", `${where} cannot be used (${words || code}). ${advice}`, {
    cause: error,
  });
};

/** The first connection of a start: waits a little for a server that is starting, and for one of ours that is ending. */
export async function firstConnection(
  connections: Connections,
  where: string,
  limits: PostgresLimits,
): Promise<Client> {
  const pauseMs = 250;
  for (let waited = 0; ; waited += pauseMs) {
    const last = waited + pauseMs > limits.startPatienceMs;
    try {
      const client = await connectWithLock(connections, limits);
      if (client !== null) return client;
      if (last)
        throw new DatabaseOpenError(
          "in-use",
          `${where} is in use by another running server. Stop that one, or name another database.`,
        );
    } catch (error) {
      if (error instanceof DatabaseOpenError) throw error;
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (last || code in refused || !(errorFrom(error) instanceof ConnectionLost)) throw unreachable(where, error);
    }
    await wait(pauseMs);
  }
}
