import type { HubMessage } from "./hub-message.ts";
import type { HubProtocol } from "./hub-protocol.ts";

/** Bytes left free before each encoded message, so that a transport can write its frame header without a copy. */
export const headroomBytes = 10;

/**
 * The hub messages that wait to leave in one write, as a chain from the newest back to the first.
 * Connections to which the same sequence was sent share the chain, and with it the bytes that a transport builds.
 */
export class Batch {
  readonly protocol: HubProtocol;
  readonly previous: Batch | null;
  readonly message: OutgoingMessage | null;
  readonly byteLength: number;
  /** What the WebSocket transport built of this batch, once. */
  webSocketFrame: Buffer | null = null;
  readonly #encoded: Buffer | null;

  constructor(protocol: HubProtocol, previous: Batch | null, message: OutgoingMessage | null, encoded: Buffer | null) {
    this.protocol = protocol;
    this.previous = previous;
    this.message = message;
    this.#encoded = encoded;
    this.byteLength = (previous?.byteLength ?? 0) + (encoded === null ? 0 : encoded.length - headroomBytes);
  }

  get isEmpty(): boolean {
    return this.#encoded === null;
  }

  /** All messages, behind the headroom. A single message is not copied. */
  toBytes(): Buffer {
    if (this.#encoded !== null && (this.previous === null || this.previous.isEmpty)) return this.#encoded;
    const bytes = Buffer.allocUnsafe(headroomBytes + this.byteLength);
    for (let batch: Batch | null = this; batch !== null && batch.#encoded !== null; batch = batch.previous) {
      batch.#encoded.copy(bytes, headroomBytes + (batch.previous?.byteLength ?? 0), headroomBytes);
    }
    return bytes;
  }
}

/** One hub message on its way out: encoded once per protocol, however many connections receive it. */
export class OutgoingMessage {
  readonly content: HubMessage;
  #protocol: HubProtocol | null = null;
  #encoded: Buffer | null = null;
  #others: Map<HubProtocol, Buffer> | null = null;
  #previous: Batch | null = null;
  #batch: Batch | null = null;
  #branches: Map<Batch, Batch> | null = null;

  constructor(content: HubMessage) {
    this.content = content;
  }

  /** Framed bytes behind the headroom. Throws what serialization throws. */
  encodedFor(protocol: HubProtocol): Buffer {
    if (this.#protocol === protocol && this.#encoded !== null) return this.#encoded;
    const known = this.#others?.get(protocol);
    if (known !== undefined) return known;
    const encoded = protocol.encode(this.content, headroomBytes);
    if (this.#protocol === null) {
      this.#protocol = protocol;
      this.#encoded = encoded;
    } else {
      this.#others ??= new Map();
      this.#others.set(protocol, encoded);
    }
    return encoded;
  }

  /** The batch that is `previous` and then this message; the same object for every connection that asks. */
  after(previous: Batch): Batch {
    if (this.#previous === previous && this.#batch !== null) return this.#batch;
    const known = this.#branches?.get(previous);
    if (known !== undefined) return known;
    const batch = new Batch(previous.protocol, previous, this, this.encodedFor(previous.protocol));
    if (this.#previous === null) {
      this.#previous = previous;
      this.#batch = batch;
    } else {
      this.#branches ??= new Map();
      this.#branches.set(previous, batch);
    }
    return batch;
  }
}
