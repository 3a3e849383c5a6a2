import type { Clock } from "../clock.ts";
import type { Admission, ConnectionIds, MountedHub, OpenConnection } from "../hub/admission.ts";
import type { Logger } from "../logger.ts";
import type { Connection } from "../transports/connection.ts";
import type { AddressCount } from "../transports/limits.ts";
import type { NegotiationTable } from "../transports/negotiation-table.ts";

/** What the endpoints of one server share. */
export type ServerContext = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly allowedOrigins: ReadonlySet<string>;
  /** Proxies in front whose X-Forwarded-For entries are believed. */
  readonly trustedProxies: number;
  readonly hubs: Map<string, MountedHub>;
  readonly negotiations: NegotiationTable;
  readonly halfOpen: AddressCount;
  /** Connections by token, until their transport has gone. */
  readonly connections: Map<string, ActiveConnection>;
  newIds(): ConnectionIds;
  isStopping(): boolean;
};

export type ActiveConnection = {
  readonly hub: MountedHub;
  readonly connection: OpenConnection;
  readonly transport: Connection;
};

export type Accepted = Extract<Admission, { kind: "accepted" }>;
