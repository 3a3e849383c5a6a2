import { type TransportName, transportNames } from "../transports/connection.ts";

/** One hub's settings. Times are milliseconds, kept to the second; sizes are bytes. */
export type HubOptions = {
  /** Shows errors of any type to clients. Off: their texts may hold what strangers must not read. */
  detailedErrors?: boolean;
  /** Default 32 KiB, separator included: bounds what one stranger can make the server hold. */
  maximumReceiveMessageSize?: number;
  /** Default 15 s. */
  handshakeTimeoutMs?: number;
  /** Default 15 s between pings: half the time-out that official clients wait. */
  keepAliveMs?: number;
  /** Default 30 s of silence: two lost pings. */
  clientTimeoutMs?: number;
  /** Default 1 call at a time per connection. */
  maximumParallelInvocations?: number;
  /** Default "ignore"; otherwise closed, reconnect allowed, so long after the authentication expired. */
  authenticationExpiry?: { graceMs: number } | "ignore";
  /** Default 1 MiB waiting for a slow reader, who is then cut off and may reconnect. */
  maximumWriteBufferBytes?: number;
  /** Default 64 WebSocket fragments per message. */
  maximumFragments?: number;
  /** Default all. */
  transports?: readonly TransportName[];
  /** Default 90 s that a long poll waits for something to say; clients wait 100 s for an answer. */
  pollTimeoutMs?: number;
  /** Default 15 s without a poll, after which a long-polling client counts as gone. */
  disconnectTimeoutMs?: number;
};

export type HubSettings = {
  readonly detailedErrors: boolean;
  readonly maximumReceiveMessageSize: number;
  readonly handshakeSeconds: number;
  readonly keepAliveSeconds: number;
  readonly clientTimeoutSeconds: number;
  readonly maximumParallelInvocations: number;
  /** Null: expiry is ignored. */
  readonly authenticationGraceMs: number | null;
  readonly maximumWriteBufferBytes: number;
  readonly maximumFragments: number;
  readonly transports: readonly TransportName[];
  readonly pollSeconds: number;
  readonly disconnectSeconds: number;
};

export function hubSettings(options: HubOptions): HubSettings {
  const expiry = options.authenticationExpiry ?? "ignore";
  return {
    detailedErrors: options.detailedErrors ?? false,
    maximumReceiveMessageSize: options.maximumReceiveMessageSize ?? 32 * 1024,
    handshakeSeconds: seconds(options.handshakeTimeoutMs ?? 15_000),
    keepAliveSeconds: seconds(options.keepAliveMs ?? 15_000),
    clientTimeoutSeconds: seconds(options.clientTimeoutMs ?? 30_000),
    maximumParallelInvocations: options.maximumParallelInvocations ?? 1,
    authenticationGraceMs: expiry === "ignore" ? null : expiry.graceMs,
    maximumWriteBufferBytes: options.maximumWriteBufferBytes ?? 1024 * 1024,
    maximumFragments: options.maximumFragments ?? 64,
    transports: transportNames.filter((name) => options.transports?.includes(name) ?? true),
    pollSeconds: seconds(options.pollTimeoutMs ?? 90_000),
    disconnectSeconds: seconds(options.disconnectTimeoutMs ?? 15_000),
  };
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
