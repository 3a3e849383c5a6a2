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
  };
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
