import type { OpenConnection } from "../hub/admission.ts";
import type { MemberConnection } from "../lifetime/hub-lifetime-manager.ts";
import { type Batch, OutgoingMessage } from "../protocol/batch.ts";
import { handshakeCanceled, handshakeResponse, readHandshake } from "../protocol/handshake.ts";
import type { CloseMessage, HubMessage, InvocationMessage } from "../protocol/hub-message.ts";
import type { HubProtocol, MessageReader } from "../protocol/hub-protocol.ts";
import { RecordReader } from "../protocol/record-reader.ts";
import type { ConnectRequest } from "../transports/connect-request.ts";
import { type Connection, type ConnectionOwner, keepsItselfAlive, transferFormats } from "../transports/connection.ts";
import { ConnectionError } from "../transports/connection-error.ts";
import { closingError } from "./closing-error.ts";
import type { Flushable } from "./flusher.ts";
import type { HubConnectionHost, Identity } from "./hub-connection-host.ts";
import { pingBatch } from "./ping-batch.ts";

/** Received and unparsed bytes above which the client has to wait; the reference server's number. */
const maximumUnreadBytes = 64 * 1024;

/**
 * One client of a hub.
 *
 *   handshaking ──handshake──▶ connecting ──onConnected──▶ open ──▶ closing ──transport gone──▶ closed
 *        └────────── refused, lost ──────────┴──────────────────────────▲
 */
type State = "handshaking" | "connecting" | "open" | "closing" | "closed";

export class HubConnection<P> implements ConnectionOwner, MemberConnection, OpenConnection, Flushable {
  readonly connectionId: string;
  readonly connectionToken: string;
  readonly request: ConnectRequest;
  readonly startedAt: number;
  memberships: string[] | null = null;
  /** What hub code holds of this connection, made on first use. */
  caller: unknown = null;
  readonly #host: HubConnectionHost<P>;
  readonly #connection: Connection;
  #identity: Identity<P>;
  #state: State = "handshaking";
  #protocol: HubProtocol | null = null;
  #reader: MessageReader;
  /** Told that the handshake is over; then forgotten. */
  #settled: (() => void) | null;
  #pending: Batch | null = null;
  #scheduled = false;
  #parked: InvocationMessage | null = null;
  #paused = false;
  #leaving = false;
  #timeoutArmed = false;
  #activeCalls = 0;
  /** Seconds since the last byte from the client, and since the last ping to it. */
  #silentSeconds = 0;
  #pinglessSeconds = 0;
  #endedWhileConnecting: { readonly error: Error | null } | null = null;
  #abort: AbortController | null = null;
  #items: Map<unknown, unknown> | null = null;

  constructor(
    host: HubConnectionHost<P>,
    connection: Connection,
    ids: { readonly connectionId: string; readonly connectionToken: string },
    identity: Identity<P>,
    request: ConnectRequest,
    settled: () => void,
  ) {
    this.#settled = settled;
    this.#host = host;
    this.#connection = connection;
    this.connectionId = ids.connectionId;
    this.connectionToken = ids.connectionToken;
    this.#identity = identity;
    this.request = request;
    this.startedAt = host.clock.now();
    this.#reader = new RecordReader(host.settings.maximumReceiveMessageSize);
  }

  get identity(): Identity<P> {
    return this.#identity;
  }

  get principalKey(): string {
    return this.#identity.principalKey;
  }

  get userId(): string | null {
    return this.#identity.userId;
  }

  get silentMs(): number {
    return this.#silentSeconds * 1_000;
  }

  get transport(): Connection["transport"] {
    return this.#connection.transport;
  }

  get #keepsItselfAlive(): boolean {
    return keepsItselfAlive[this.transport];
  }

  /** The handshake succeeded, whatever came after it. */
  get wasOpened(): boolean {
    return this.#protocol !== null;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#state === "closing" || this.#state === "closed") this.#abort.abort();
    return this.#abort.signal;
  }

  get items(): Map<unknown, unknown> {
    this.#items ??= new Map();
    return this.#items;
  }

  start(): void {
    this.#connection.start(this);
  }

  /** The user id stays: groups and users are not keyed anew. */
  reauthenticate(principal: P, principalKey: string, expiresAt: number | null): void {
    this.#identity = { ...this.#identity, principal, principalKey, expiresAt };
  }

  /** As the client shows with each poll that it still may: only what lasts longer counts. */
  renew(principal: P, principalKey: string, expiresAt: number | null): void {
    const current = this.#identity.expiresAt;
    if (current === null || (expiresAt !== null && expiresAt <= current)) return;
    this.reauthenticate(principal, principalKey, expiresAt);
  }

  expectPings(): void {
    this.#timeoutArmed = true;
  }

  received(chunk: Buffer): void {
    if (this.#state === "closing" || this.#state === "closed") return;
    this.#silentSeconds = 0;
    this.#host.traffic.bytesReceived += chunk.length;
    this.#reader.push(chunk);
    this.#readOn();
  }

  ended(error: Error | null): void {
    const isTruncated = this.#state === "open" && this.#parked === null && this.#reader.unreadBytes > 0;
    this.#end(isTruncated ? closingError.truncated() : error, null);
  }

  closed(): void {
    if (this.#state === "closed") return;
    this.#end(null, null);
    this.#state = "closed";
    this.#host.released(this);
  }

  enqueue(message: OutgoingMessage): void {
    if (this.#pending === null || (this.#state !== "open" && this.#state !== "connecting")) return;
    if (this.#pending.message === message) return;
    this.#pending = message.after(this.#pending);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#host.flusher.add(this);
  }

  flush(): void {
    this.#scheduled = false;
    const batch = this.#pending;
    if (batch === null || batch.isEmpty) return;
    this.#pending = batch.protocol.emptyBatch;
    this.#send(batch);
    const limit = this.#host.settings.maximumWriteBufferBytes;
    if (this.#connection.bufferedBytes <= limit) return;
    this.#end(new ConnectionError("write-overflow", `More than ${limit} bytes wait for a slow reader.`), null);
    this.#connection.terminate();
  }

  disconnect(options: { readonly error?: string; readonly allowReconnect: boolean }): void {
    this.#end(null, { type: "close", error: options.error ?? null, allowReconnect: options.allowReconnect });
  }

  /** Lets the running calls finish and starts no other; then Close with reconnect. */
  leave(): void {
    this.#leaving = true;
    if (this.#activeCalls === 0) this.disconnect({ allowReconnect: true });
  }

  terminate(): void {
    this.disconnect({ allowReconnect: true });
    this.#connection.terminate();
  }

  tick(now: number): void {
    this.#connection.tick();
    this.#silentSeconds++;
    switch (this.#state) {
      case "handshaking":
        this.#pinglessSeconds++;
        if (this.#pinglessSeconds >= this.#host.settings.handshakeSeconds) this.#refuse(handshakeCanceled);
        return;
      case "connecting":
      case "open":
        this.#keepAlive();
        this.#checkClient(now);
        return;
      case "closing":
      case "closed":
        return;
    }
  }

  #keepAlive(): void {
    if (this.#keepsItselfAlive) return;
    if (++this.#pinglessSeconds < this.#host.settings.keepAliveSeconds) return;
    this.#pinglessSeconds = 0;
    if (this.#protocol !== null && this.#pending?.isEmpty === true) this.#send(pingBatch(this.#protocol));
  }

  #checkClient(now: number): void {
    const { settings } = this.#host;
    const { expiresAt } = this.#identity;
    if (
      expiresAt !== null &&
      settings.authenticationGraceMs !== null &&
      now >= expiresAt + settings.authenticationGraceMs
    ) {
      const error = new ConnectionError("authentication-expired", "The authentication has expired.");
      return this.#end(error, { type: "close", error: null, allowReconnect: true });
    }
    if (this.#keepsItselfAlive || this.#activeCalls > 0 || this.#paused || !this.#timeoutArmed) return;
    if (this.#silentSeconds > settings.clientTimeoutSeconds) this.#fail(closingError.clientTimeout());
  }

  #readOn(): void {
    try {
      while (this.#readOne());
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    // An unfinished message needs the bytes that are still to come; the reader bounds it.
    const waits = this.#state === "connecting" || this.#parked !== null;
    const tooMuch = waits && this.#reader.unreadBytes > maximumUnreadBytes;
    if (tooMuch === this.#paused) return;
    this.#paused = tooMuch;
    if (tooMuch) this.#connection.pause();
    else this.#connection.resume();
  }

  /** False when there is nothing to do until bytes arrive or a call ends. */
  #readOne(): boolean {
    if (this.#state === "handshaking") return this.#readHandshake();
    if (this.#state !== "open" || this.#parked !== null || this.#protocol === null) return false;
    const bytes = this.#reader.next();
    if (bytes === null) return false;
    const message = this.#protocol.parse(bytes);
    if (message !== null) this.#dispatch(message);
    return true;
  }

  #readHandshake(): boolean {
    let record: Buffer | null;
    try {
      record = this.#reader.next();
    } catch {
      this.#refuse(handshakeCanceled);
      return false;
    }
    if (record === null) return false;
    const { protocols, settings } = this.#host;
    const formats = transferFormats[this.#connection.transport];
    const request = readHandshake(record, protocols, formats, settings.detailedErrors);
    if (request.kind === "refused") {
      this.#refuse(request.error);
      return false;
    }
    const { protocol } = request;
    this.#protocol = protocol;
    this.#pending = protocol.emptyBatch;
    const rest = this.#reader.rest();
    this.#reader = protocol.createReader(settings.maximumReceiveMessageSize);
    if (rest.length > 0) this.#reader.push(rest);
    this.#pinglessSeconds = 0;
    this.#state = "connecting";
    this.#settle();
    this.#connection.sendText(handshakeResponse(null), protocol.transferFormat);
    void this.#open();
    return false;
  }

  async #open(): Promise<void> {
    try {
      await this.#host.opened(this);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      const text = closingError.text(cause, this.#host.settings.detailedErrors);
      this.#end(cause, { type: "close", error: text, allowReconnect: false });
      return;
    }
    if (this.#endedWhileConnecting !== null) {
      this.#host.disconnected(this, this.#endedWhileConnecting.error);
      return;
    }
    this.#state = "open";
    this.#readOn();
  }

  #dispatch(message: HubMessage): void {
    switch (message.type) {
      case "invocation":
        if (this.#leaving || this.#activeCalls >= this.#host.settings.maximumParallelInvocations)
          this.#parked = message;
        else this.#run(message);
        return;
      case "stream-invocation":
        this.#host.invokeStream(this, message);
        return;
      case "ping":
        this.#timeoutArmed = true;
        return;
      case "close":
        this.#end(message.error === null ? null : new ConnectionError("client-error", message.error), plainClose);
        return;
      // No stream, client result or reconnect buffer is open, so these concern nothing and are dropped.
      case "stream-item":
      case "completion":
      case "cancel-invocation":
      case "ack":
      case "sequence":
        return;
    }
  }

  #run(message: InvocationMessage): void {
    const running = this.#host.invoke(this, message);
    if (running === null) return;
    this.#activeCalls++;
    void running.then(() => this.#ran());
  }

  #ran(): void {
    this.#activeCalls--;
    this.#silentSeconds = 0;
    if (this.#leaving && this.#activeCalls === 0) return this.disconnect({ allowReconnect: true });
    const parked = this.#parked;
    if (parked === null || this.#leaving || this.#state !== "open") return;
    this.#parked = null;
    this.#run(parked);
    this.#readOn();
  }

  #settle(): void {
    const settled = this.#settled;
    this.#settled = null;
    settled?.();
  }

  #send(batch: Batch): void {
    this.#host.traffic.bytesSent += batch.byteLength;
    this.#connection.send(batch);
  }

  /** A handshake is refused in its own words, without a Close message. */
  #refuse(error: string): void {
    this.#connection.sendText(handshakeResponse(error), "Text");
    this.#end(null, null);
  }

  /** The client broke a rule or fell silent: it may come back and do better. */
  #fail(error: Error): void {
    const text = closingError.text(error, this.#host.settings.detailedErrors);
    this.#end(error, { type: "close", error: text, allowReconnect: true });
  }

  #end(error: Error | null, close: CloseMessage | null): void {
    const state = this.#state;
    if (state === "closing" || state === "closed") return;
    if (close !== null) this.enqueue(new OutgoingMessage(close));
    const batch = this.#pending;
    this.#pending = null;
    this.#state = "closing";
    this.#settle();
    if (batch !== null && !batch.isEmpty) this.#send(batch);
    this.#connection.close();
    this.#parked = null;
    this.#abort?.abort();
    this.#host.left(this, error);
    if (state === "connecting") this.#endedWhileConnecting = { error };
    if (state === "open") this.#host.disconnected(this, error);
  }
}

const plainClose: CloseMessage = { type: "close", error: null, allowReconnect: false };
