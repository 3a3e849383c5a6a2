import type { CompletionOutcome, HubMessage, WithDates } from "../hub-message.ts";
import type { ValueWriter } from "./value-writer.ts";

/** The message is one array around each item. */
const itemDepth = 1;

/** A hub message as the reference server writes it, length excluded. */
export function writeMessage(writer: ValueWriter, message: HubMessage): void {
  switch (message.type) {
    case "invocation":
      head(writer, 6, 1, message.invocationId);
      return writeCall(writer, message.target, inType(message.arguments, message.withDates), message.streamIds);
    case "stream-item":
      head(writer, 4, 2, message.invocationId);
      return writer.value(message.item, itemDepth);
    case "completion":
      head(writer, message.outcome.kind === "void" ? 4 : 5, 3, message.invocationId);
      return writeOutcome(writer, message.outcome);
    case "stream-invocation":
      head(writer, 6, 4, message.invocationId);
      return writeCall(writer, message.target, message.arguments, message.streamIds);
    case "cancel-invocation":
      return head(writer, 3, 5, message.invocationId);
    case "ping":
      writer.arrayHeader(1);
      return writer.number(6);
    case "close":
      writer.arrayHeader(3);
      writer.number(7);
      writer.value(message.error, itemDepth);
      return writer.boolean(message.allowReconnect);
    case "ack":
      return writeSequenceId(writer, 8, message.sequenceId);
    case "sequence":
      return writeSequenceId(writer, 9, message.sequenceId);
  }
}

/** How all messages about an invocation begin. */
function head(writer: ValueWriter, items: number, type: number, invocationId: string | null): void {
  writer.arrayHeader(items);
  writer.number(type);
  writer.emptyMap();
  writer.value(invocationId, itemDepth);
}

function writeCall(writer: ValueWriter, target: string, args: readonly unknown[], streamIds: readonly string[]): void {
  writer.text(target);
  writer.value(args, itemDepth);
  writer.value(streamIds, itemDepth);
}

/** Times as times. */
function inType<T>(value: T, withDates: WithDates<T> | undefined): T {
  return withDates === undefined || withDates === null ? value : withDates(value);
}

function writeOutcome(writer: ValueWriter, outcome: CompletionOutcome): void {
  switch (outcome.kind) {
    case "error":
      writer.number(1);
      return writer.text(outcome.error);
    case "void":
      return writer.number(2);
    case "result":
      writer.number(3);
      return writer.value(inType(outcome.result, outcome.withDates), itemDepth);
  }
}

function writeSequenceId(writer: ValueWriter, type: 8 | 9, sequenceId: number): void {
  writer.arrayHeader(2);
  writer.number(type);
  writer.number(sequenceId);
}
