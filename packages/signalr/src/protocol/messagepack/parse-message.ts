import { type CompletionOutcome, type HubMessage, ping } from "../hub-message.ts";
import { InvalidDataError } from "../invalid-data-error.ts";
import { MessageItems } from "./message-items.ts";
import { ValueReader } from "./value-reader.ts";

/** Reads one MessagePack hub message, length removed. Null for an unknown type. Items after the known ones are not looked at. */
export function parseMessage(bytes: Buffer): HubMessage | null {
  if (bytes.length === 2 && bytes[0] === 0x91 && bytes[1] === 0x06) return ping;
  const items = new MessageItems(new ValueReader(bytes));
  switch (items.integer("messageType", "Int32")) {
    case 1: {
      items.headers();
      return { type: "invocation", invocationId: items.optionalString("invocationId") || null, ...call(items) };
    }
    case 2:
      items.headers();
      return { type: "stream-item", invocationId: items.string("invocationId"), item: items.value("item") };
    case 3:
      items.headers();
      return { type: "completion", invocationId: items.string("invocationId"), outcome: outcome(items) };
    case 4:
      items.headers();
      return { type: "stream-invocation", invocationId: items.string("invocationId"), ...call(items) };
    case 5:
      items.headers();
      return { type: "cancel-invocation", invocationId: items.string("invocationId") };
    case 6:
      return ping;
    case 7: {
      const error = items.optionalString("error");
      return { type: "close", error, allowReconnect: items.left > 0 && items.boolean("allowReconnect") };
    }
    case 8:
      return { type: "ack", sequenceId: items.integer("sequenceId", "Int64") };
    case 9:
      return { type: "sequence", sequenceId: items.integer("sequenceId", "Int64") };
    default:
      return null;
  }
}

/** Older clients do not write the ids of streams. */
function call(items: MessageItems): {
  target: string;
  arguments: readonly unknown[];
  streamIds: readonly string[];
} {
  const target = items.string("target");
  const args = items.array("arguments");
  const streamIds = items.left > 0 ? items.strings("streamIds") : noStreams;
  return { target, arguments: args, streamIds };
}

const noStreams: readonly string[] = [];

function outcome(items: MessageItems): CompletionOutcome {
  switch (items.integer("resultKind", "Int32")) {
    case 1:
      return { kind: "error", error: items.string("error") };
    case 2:
      return { kind: "void" };
    case 3:
      return { kind: "result", result: items.value("argument") };
    default:
      throw new InvalidDataError("Invalid invocation result kind.");
  }
}
