import type { MessageReader } from "../hub-protocol.ts";
import { InvalidDataError, messageTooLarge } from "../invalid-data-error.ts";
import { UnreadBytes } from "../unread-bytes.ts";
import { longestMessage, longestPrefix } from "./length-prefix.ts";

/** Cuts by the length before each message. The limit counts that length too, and is judged before the message has come. */
export class LengthReader extends UnreadBytes implements MessageReader {
  readonly #maximumBytes: number;

  constructor(maximumBytes: number) {
    super();
    this.#maximumBytes = maximumBytes;
  }

  next(): Buffer | null {
    let length = 0;
    let prefix = 0;
    let byte: number;
    do {
      if (prefix === longestPrefix) throw tooLarge();
      if (this.start + prefix === this.end) return this.#incomplete();
      byte = this.bytes[this.start + prefix] ?? 0;
      // Not a shift: the fifth byte's bits would fall off at the top.
      length += (byte & 0x7f) * 2 ** (7 * prefix);
      prefix++;
    } while (byte > 0x7f);
    if (length > longestMessage) throw tooLarge();
    if (prefix + length > this.#maximumBytes) throw messageTooLarge(this.#maximumBytes);
    if (this.unreadBytes < prefix + length) return null;
    return this.take(prefix + length, prefix, 0);
  }

  #incomplete(): null {
    if (this.unreadBytes === 0) this.release();
    return null;
  }
}

function tooLarge(): InvalidDataError {
  return new InvalidDataError("Messages over 2GB in size are not supported.");
}
