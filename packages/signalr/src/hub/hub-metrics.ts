import type { TransportName } from "../transports/connection.ts";
import type { InvocationOutcome } from "./dispatcher.ts";

/** Counters of one hub. Names as in ASP.NET Core where it has them; durations are sums in milliseconds. */
export type HubMetrics = {
  readonly hub: string;
  /** signalr.server.active_connections */
  readonly activeConnections: Readonly<Record<TransportName, number>>;
  /** signalr.server.connection.duration, by how the connection ended. */
  readonly connections: Readonly<Record<ConnectionStatus, { readonly count: number; readonly durationMs: number }>>;
  readonly invocations: readonly InvocationCount[];
  readonly negotiations: number;
  readonly refusedHandshakes: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
};

/** Values of ASP.NET Core's `signalr.connection.status`. */
export type ConnectionStatus = "normal_closure" | "timeout" | "app_shutdown" | "error";

export type InvocationCount = {
  /** As declared; "unknown" for all names that no method has. */
  readonly method: string;
  readonly outcome: InvocationOutcome;
  readonly count: number;
  readonly durationMs: number;
};

/** Counts; cheap enough for every call. */
export class HubCounters {
  bytesReceived = 0;
  bytesSent = 0;
  negotiations = 0;
  refusedHandshakes = 0;
  readonly active: Record<TransportName, number> = { WebSockets: 0, ServerSentEvents: 0, LongPolling: 0 };
  readonly #ended = {
    normal_closure: { count: 0, durationMs: 0 },
    timeout: { count: 0, durationMs: 0 },
    app_shutdown: { count: 0, durationMs: 0 },
    error: { count: 0, durationMs: 0 },
  };
  readonly #invocations = new Map<
    string,
    { method: string; outcome: InvocationOutcome; count: number; durationMs: number }
  >();

  ended(status: ConnectionStatus, durationMs: number): void {
    this.#ended[status].count++;
    this.#ended[status].durationMs += durationMs;
  }

  invoked(method: string, outcome: InvocationOutcome, durationMs: number): void {
    const key = `${outcome} ${method}`;
    const entry = this.#invocations.get(key);
    if (entry === undefined) {
      this.#invocations.set(key, { method, outcome, count: 1, durationMs });
      return;
    }
    entry.count++;
    entry.durationMs += durationMs;
  }

  read(hub: string): HubMetrics {
    return {
      hub,
      activeConnections: { ...this.active },
      connections: structuredClone(this.#ended),
      invocations: [...this.#invocations.values()].map((entry) => ({ ...entry })),
      negotiations: this.negotiations,
      refusedHandshakes: this.refusedHandshakes,
      bytesReceived: this.bytesReceived,
      bytesSent: this.bytesSent,
    };
  }
}
