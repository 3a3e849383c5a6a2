import { Socket } from "node:net";
import { Client, type ClientConfig, Pool, types } from "pg";
import { maxTransactionMs } from "../transaction-limits.ts";
import type { PostgresLimits } from "./limits.ts";

/** Type numbers of pg_type: a count is int8, a sum of integers numeric, and a truth value is 0 or 1 as in our tables. */
const [bool, int8, numeric] = [16, 20, 1700];

const parserOf = (type: number): ((text: string) => unknown) => {
  if (type === int8 || type === numeric) return Number;
  if (type === bool) return (text) => (text === "t" ? 1 : 0);
  return types.getTypeParser(type) as (text: string) => unknown;
};

export type Connections = {
  /** For queries; made when asked for, kept, given back. */
  readonly pool: Pool;
  /** One of its own, not connected yet. */
  client(): Client;
  /** Ends every connection of the pool this moment, with what waits for an answer on it. */
  cut(): void;
};

/** Connections to one server, all alike. */
export function createConnections(url: string, limits: PostgresLimits): Connections {
  const sockets = new Set<Socket>();
  const config: ClientConfig = {
    connectionString: url,
    application_name: "dsp-fleet",
    connectionTimeoutMillis: limits.maxWaitMs,
    lock_timeout: limits.maxWaitMs,
    // Ours ends a transaction earlier; this is for a process that cannot.
    idle_in_transaction_session_timeout: 2 * maxTransactionMs,
    keepAlive: true,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  };
  const pooled: ClientConfig = {
    ...config,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once("close", () => sockets.delete(socket));
    },
  };
  const pool = new Pool({ ...pooled, max: limits.connections, idleTimeoutMillis: 30_000 });
  // Whoever uses the connection hears of its end by the statement that fails; the event must not end the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    pool,
    client: () => new Client(config),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
