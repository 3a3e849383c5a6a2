import type { MessageReader } from "./hub-protocol.ts";
import { InvalidDataError } from "./invalid-data-error.ts";

/** Ends every JSON hub message and the handshake. */
export const recordSeparator = 0x1e;

const nothing = Buffer.alloc(0);

/** Cuts at 0x1E. The limit counts the separator; it is noticed as soon as it is passed, not at the end of the message. */
export class RecordReader implements MessageReader {
  readonly #maximumBytes: number;
  #bytes: Buffer = nothing;
  #start = 0;
  #end = 0;
  #searched = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  get unreadBytes(): number {
    return this.#end - this.#start;
  }

  push(chunk: Buffer): void {
    const unread = this.unreadBytes;
    if (unread === 0) {
      this.#bytes = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#searched = 0;
      return;
    }
    if (this.#end + chunk.length > this.#bytes.length) this.#grow(unread + chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  next(): Buffer | null {
    const found = this.#bytes.subarray(0, this.#end).indexOf(recordSeparator, this.#searched);
    const length = (found === -1 ? this.#end : found + 1) - this.#start;
    if (length > this.#maximumBytes || (found === -1 && length === this.#maximumBytes)) {
      throw new InvalidDataError(
        `The maximum message size of ${this.#maximumBytes}B was exceeded. The message size can be configured with maximumReceiveMessageSize.`,
      );
    }
    if (found === -1) {
      this.#searched = this.#end;
      if (length === 0) this.#release();
      return null;
    }
    const message = this.#bytes.subarray(this.#start, found);
    this.#start = found + 1;
    this.#searched = this.#start;
    if (this.#start === this.#end) this.#release();
    return message;
  }

  /** Doubles, so that a message sent byte by byte costs no more than its length. Always a copy: the chunk is not ours to write on. */
  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(256, needed * 2));
    this.#bytes.copy(larger, 0, this.#start, this.#end);
    this.#searched -= this.#start;
    this.#end -= this.#start;
    this.#start = 0;
    this.#bytes = larger;
  }

  /** An idle connection keeps no received bytes alive. */
  #release(): void {
    this.#bytes = nothing;
    this.#start = 0;
    this.#end = 0;
    this.#searched = 0;
  }
}
