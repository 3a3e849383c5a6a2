import type { Clock } from "../clock.ts";
import type { HubSettings } from "../hub/hub-options.ts";
import type { InvocationMessage, StreamInvocationMessage } from "../protocol/hub-message.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import type { Flusher } from "./flusher.ts";
import type { HubConnection } from "./hub-connection.ts";

/** What a hub connection needs of its hub. */
export type HubConnectionHost<P> = {
  readonly settings: HubSettings;
  readonly protocols: readonly HubProtocol[];
  readonly flusher: Flusher;
  readonly clock: Clock;
  readonly traffic: { bytesReceived: number; bytesSent: number };
  /** The handshake is done: registers and runs the hub's `onConnected`. A rejection refuses the connection. */
  opened(connection: HubConnection<P>): Promise<void>;
  /** From here on nothing can be sent. Called for every connection, whether it opened or not. */
  left(connection: HubConnection<P>, error: Error | null): void;
  /** Runs the hub's `onDisconnected`. Called once, only after `opened` succeeded. */
  disconnected(connection: HubConnection<P>, error: Error | null): void;
  /** Runs a call and enqueues its answer; null when the method answered at once. Never throws or rejects. */
  invoke(connection: HubConnection<P>, message: InvocationMessage): Promise<void> | null;
  /** Answers a call of a stream. */
  invokeStream(connection: HubConnection<P>, message: StreamInvocationMessage): void;
  /** The transport is gone too. */
  released(connection: HubConnection<P>): void;
};

export type Identity<P> = {
  readonly principal: P;
  readonly principalKey: string;
  readonly userId: string | null;
  readonly expiresAt: number | null;
};
