import type { ConnectRequest } from "../transports/connect-request.ts";
import type { Connection, TransportName } from "../transports/connection.ts";
import type { HubMetrics } from "./hub-metrics.ts";
import type { HubSettings } from "./hub-options.ts";

/** A hub as the endpoints see it, whatever its principals and events are. */
export type MountedHub = {
  readonly path: string;
  readonly settings: HubSettings;
  /** Asks the hub's `authenticate`; rejects with what it throws. */
  admit(request: ConnectRequest): Promise<Admission>;
  /** Counts a negotiation that was answered with a connection. */
  negotiated(): void;
  metrics(): HubMetrics;
  stopping(): void;
};

export type Admission =
  | {
      readonly kind: "accepted";
      readonly principalKey: string;
      readonly isAnonymous: boolean;
      /** Puts a hub connection on the transport. `settled` is called once, when the hub handshake is over either way. */
      connect(connection: Connection, ids: ConnectionIds, request: ConnectRequest, settled: () => void): OpenConnection;
      /** This authentication, if it lasts longer than the one that the connection has, takes its place. */
      renew(connection: OpenConnection): void;
    }
  | { readonly kind: "refused"; readonly status: 401 | 403 | 503; readonly headers: Readonly<Record<string, string>> };

/** The id is public; the token is the secret that a transport shows. */
export type ConnectionIds = { readonly connectionId: string; readonly connectionToken: string };

/** A hub connection as the server's housekeeping sees it. */
export type OpenConnection = ConnectionIds & {
  readonly principalKey: string;
  readonly transport: TransportName;
  start(): void;
  /** Called once a second. */
  tick(now: number): void;
  /** Ends when the running calls have; Close with reconnect. */
  leave(): void;
  /** At once: a Close with reconnect if it still gets through, then the transport is dropped. */
  terminate(): void;
};
