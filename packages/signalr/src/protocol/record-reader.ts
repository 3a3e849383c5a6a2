import type { MessageReader } from "./hub-protocol.ts";
import { messageTooLarge } from "./invalid-data-error.ts";
import { UnreadBytes } from "./unread-bytes.ts";

/** Ends every JSON hub message and the handshake. */
export const recordSeparator = 0x1e;

/** Cuts at 0x1E. The limit counts the separator; it is noticed as soon as it is passed, not at the end of the message. */
export class RecordReader extends UnreadBytes implements MessageReader {
  readonly #maximumBytes: number;
  /** Unread bytes known to hold no separator. */
  #searched = 0;

  constructor(maximumBytes: number) {
    super();
    this.#maximumBytes = maximumBytes;
  }

  next(): Buffer | null {
    const found = this.bytes.subarray(0, this.end).indexOf(recordSeparator, this.start + this.#searched);
    const length = (found === -1 ? this.end : found + 1) - this.start;
    if (length > this.#maximumBytes || (found === -1 && length === this.#maximumBytes)) {
      throw messageTooLarge(this.#maximumBytes);
    }
    if (found === -1) {
      this.#searched = length;
      if (length === 0) this.release();
      return null;
    }
    this.#searched = 0;
    return this.take(length, 0, 1);
  }
}
