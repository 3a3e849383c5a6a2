import type { CompletionOutcome, HubMessage } from "../hub-message.ts";

/** JSON text of a hub message, members in the order in which the reference server writes them, separator excluded. */
export function messageToJson(message: HubMessage): string {
  switch (message.type) {
    case "invocation":
      return invocation(1, message.invocationId, message.target, message.arguments, message.streamIds);
    case "stream-item":
      return `{"type":2,"invocationId":${JSON.stringify(message.invocationId)},"item":${value(message.item)}}`;
    case "completion":
      return `{"type":3,"invocationId":${JSON.stringify(message.invocationId)}${outcome(message.outcome)}}`;
    case "stream-invocation":
      return invocation(4, message.invocationId, message.target, message.arguments, message.streamIds);
    case "cancel-invocation":
      return `{"type":5,"invocationId":${JSON.stringify(message.invocationId)}}`;
    case "ping":
      return '{"type":6}';
    case "close": {
      const error = message.error === null ? "" : `,"error":${JSON.stringify(message.error)}`;
      return `{"type":7${error}${message.allowReconnect ? ',"allowReconnect":true' : ""}}`;
    }
    case "ack":
      return `{"type":8,"sequenceId":${message.sequenceId}}`;
    case "sequence":
      return `{"type":9,"sequenceId":${message.sequenceId}}`;
  }
}

function invocation(
  type: 1 | 4,
  invocationId: string | null,
  target: string,
  args: readonly unknown[],
  streamIds: readonly string[],
): string {
  const id = invocationId === null ? "" : `,"invocationId":${JSON.stringify(invocationId)}`;
  const streams = streamIds.length === 0 ? "" : `,"streamIds":${JSON.stringify(streamIds)}`;
  return `{"type":${type}${id},"target":${JSON.stringify(target)},"arguments":${JSON.stringify(args)}${streams}}`;
}

function outcome(outcome: CompletionOutcome): string {
  switch (outcome.kind) {
    case "error":
      return `,"error":${JSON.stringify(outcome.error)}`;
    case "void":
      return "";
    case "result":
      return `,"result":${value(outcome.result)}`;
  }
}

/** JSON has no undefined: a void method's result is null. */
function value(given: unknown): string {
  const json: string | undefined = JSON.stringify(given);
  return json ?? "null";
}
