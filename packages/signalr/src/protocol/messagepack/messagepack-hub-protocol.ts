import { Batch } from "../batch.ts";
import type { HubMessage } from "../hub-message.ts";
import type { HubProtocol } from "../hub-protocol.ts";
import { writeMessage } from "./encode-message.ts";
import { prefixLength, writePrefix } from "./length-prefix.ts";
import { LengthReader } from "./length-reader.ts";
import { parseMessage } from "./parse-message.ts";
import { ValueWriter } from "./value-writer.ts";

/** Bytes that are kept ready to write the next message into. */
const keptBytes = 64 * 1024;

/** The MessagePack hub protocol: arrays, each after its length. */
export class MessagePackHubProtocol implements HubProtocol {
  readonly name = "messagepack";
  readonly transferFormat = "Binary";
  readonly emptyBatch: Batch = new Batch(this, null, null, null);
  #idleWriter: ValueWriter | null = null;

  createReader(maximumMessageBytes: number): LengthReader {
    return new LengthReader(maximumMessageBytes);
  }

  parse(message: Buffer): HubMessage | null {
    return parseMessage(message);
  }

  encode(message: HubMessage, headroom: number): Buffer {
    const writer = this.#idleWriter ?? new ValueWriter();
    // A value that sends a message while it is written must not write into this one.
    this.#idleWriter = null;
    try {
      writeMessage(writer, message);
      const prefix = prefixLength(writer.length);
      const bytes = Buffer.allocUnsafe(headroom + prefix + writer.length);
      writePrefix(bytes, headroom, writer.length);
      writer.copyTo(bytes, headroom + prefix);
      return bytes;
    } finally {
      writer.clear();
      if (writer.capacity <= keptBytes) this.#idleWriter = writer;
    }
  }
}
