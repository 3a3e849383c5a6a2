import type { Batch } from "./batch.ts";
import type { HubMessage } from "./hub-message.ts";

export type TransferFormat = "Text" | "Binary";

/** Cuts a byte stream into messages. One per connection. */
export type MessageReader = {
  /** Bytes received and not yet handed out. */
  readonly unreadBytes: number;
  push(chunk: Buffer): void;
  /** The next whole message, or null until more bytes arrive. Throws InvalidDataError above the size limit. */
  next(): Buffer | null;
  /** Takes all bytes that are left. */
  rest(): Buffer;
};

/** A hub protocol: one dialect of the hub messages. Stateless, shared by all its connections. */
export type HubProtocol = {
  readonly name: "json" | "messagepack";
  readonly transferFormat: TransferFormat;
  /** The batch with nothing in it, which every pending sequence of this protocol grows from. */
  readonly emptyBatch: Batch;
  /** Size limit in bytes, framing included. */
  createReader(maximumMessageBytes: number): MessageReader;
  /** Null: a message of an unknown type, to be skipped. Throws InvalidDataError. */
  parse(message: Buffer): HubMessage | null;
  /** The framed message, behind `headroom` unused bytes. Throws what serialization throws. */
  encode(message: HubMessage, headroom: number): Buffer;
};
