import { Batch } from "../batch.ts";
import type { HubMessage } from "../hub-message.ts";
import type { HubProtocol } from "../hub-protocol.ts";
import { RecordReader, recordSeparator } from "../record-reader.ts";
import { messageToJson } from "./encode-message.ts";
import { parseMessage } from "./parse-message.ts";

/** The JSON hub protocol: UTF-8 JSON texts, each ended by 0x1E. */
export class JsonHubProtocol implements HubProtocol {
  readonly name = "json";
  readonly transferFormat = "Text";
  readonly emptyBatch: Batch = new Batch(this, null, null, null);

  createReader(maximumMessageBytes: number): RecordReader {
    return new RecordReader(maximumMessageBytes);
  }

  parse(message: Buffer): HubMessage | null {
    return parseMessage(message);
  }

  encode(message: HubMessage, headroom: number): Buffer {
    const json = messageToJson(message);
    const bytes = Buffer.allocUnsafe(headroom + Buffer.byteLength(json) + 1);
    bytes.write(json, headroom);
    bytes[bytes.length - 1] = recordSeparator;
    return bytes;
  }
}
