import type { Batch } from "../protocol/batch.ts";
import type { TransferFormat } from "../protocol/hub-protocol.ts";

export type TransportName = "WebSockets" | "ServerSentEvents" | "LongPolling";

/** What each transport can carry. */
export const transferFormats: Readonly<Record<TransportName, readonly TransferFormat[]>> = {
  WebSockets: ["Text", "Binary"],
  ServerSentEvents: ["Text"],
  LongPolling: ["Text", "Binary"],
};

/** In the order in which clients try them. */
export const transportNames: readonly TransportName[] = ["WebSockets", "ServerSentEvents", "LongPolling"];

/** Whether its requests show that the client is there, so that neither side pings. */
export const keepsItselfAlive: Readonly<Record<TransportName, boolean>> = {
  WebSockets: false,
  ServerSentEvents: false,
  LongPolling: true,
};

/** What a connection tells the hub connection above it. */
export type ConnectionOwner = {
  /** Bytes in the order sent; where one chunk ends means nothing. */
  received(chunk: Buffer): void;
  /** No more bytes will come. Null: the client said goodbye. May be told more than once; the first one counts. */
  ended(error: Error | null): void;
  /** The transport and all it held is gone. Told once, last. */
  closed(): void;
};

/** A client's bytes in both directions, whatever transport carries them. */
export type Connection = {
  readonly transport: TransportName;
  /** Bytes handed over and not yet taken by the operating system. */
  readonly bufferedBytes: number;
  /** Starts the flow of bytes to the owner. */
  start(owner: ConnectionOwner): void;
  send(batch: Batch): void;
  /** Text outside any hub protocol, in the format of the one that follows: the handshake's answer. */
  sendText(text: string, format: TransferFormat): void;
  /** Stops reading, so that the client feels that it is too fast. */
  pause(): void;
  resume(): void;
  /** Sends what is buffered, says goodbye, waits a bounded time for the answer. */
  close(): void;
  /** Drops the transport and all that is buffered. */
  terminate(): void;
  /** Called once a second: a connection has no timer of its own. */
  tick(): void;
};
