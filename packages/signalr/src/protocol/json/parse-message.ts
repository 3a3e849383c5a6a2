import { type CompletionOutcome, type HubMessage, ping } from "../hub-message.ts";
import { InvalidDataError } from "../invalid-data-error.ts";
import { isDeeperThan } from "./json-depth.ts";

type Members = Readonly<Record<string, unknown>>;

/** Nesting that the reference server allows. */
const maximumDepth = 64;

const literalPing = Buffer.from('{"type":6}');
const noStreams: readonly string[] = [];

/** Reads one JSON hub message, separator removed. Null for an unknown type. Throws InvalidDataError. */
export function parseMessage(bytes: Buffer): HubMessage | null {
  if (bytes.length === literalPing.length && bytes.equals(literalPing)) return ping;
  const message = parseObject(bytes);
  const headers = message["headers"];
  if (headers !== undefined && headers !== null) checkHeaders(headers);
  switch (message["type"]) {
    case 1:
      return {
        type: "invocation",
        invocationId: optionalString(message, "invocationId") || null,
        target: requiredString(message, "target"),
        arguments: argumentsOf(message),
        streamIds: streamIdsOf(message),
      };
    case 2:
      if (!Object.hasOwn(message, "item")) throw new InvalidDataError("Missing required property 'item'.");
      return { type: "stream-item", invocationId: requiredString(message, "invocationId"), item: message["item"] };
    case 3:
      return {
        type: "completion",
        invocationId: requiredString(message, "invocationId"),
        outcome: outcomeOf(message),
      };
    case 4:
      return {
        type: "stream-invocation",
        invocationId: requiredString(message, "invocationId"),
        target: requiredString(message, "target"),
        arguments: argumentsOf(message),
        streamIds: streamIdsOf(message),
      };
    case 5:
      return { type: "cancel-invocation", invocationId: requiredString(message, "invocationId") };
    case 6:
      return ping;
    case 7:
      return {
        type: "close",
        error: optionalString(message, "error"),
        allowReconnect: message["allowReconnect"] === true,
      };
    case 8:
      return { type: "ack", sequenceId: requiredInteger(message, "sequenceId") };
    case 9:
      return { type: "sequence", sequenceId: requiredInteger(message, "sequenceId") };
    case undefined:
      throw new InvalidDataError("Missing required property 'type'.");
    default:
      if (typeof message["type"] !== "number") throw new InvalidDataError("Expected 'type' to be of type Number.");
      return null;
  }
}

/** JSON text of an object, or InvalidDataError. Also reads the handshake. */
export function parseObject(bytes: Buffer): Members {
  const text = bytes.toString("utf8");
  if (isDeeperThan(maximumDepth, text)) {
    throw new InvalidDataError(`The maximum depth of ${maximumDepth} was exceeded.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidDataError("Error reading JSON.");
  }
  if (!isObject(value)) throw new InvalidDataError("Unexpected JSON Token Type. Expected a JSON Object.");
  return value;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkHeaders(headers: unknown): void {
  if (!isObject(headers)) throw new InvalidDataError("Expected 'headers' to be of type Object.");
  for (const name of Object.keys(headers)) {
    if (typeof headers[name] !== "string") {
      throw new InvalidDataError(`Expected header '${name}' to be of type String.`);
    }
  }
}

function optionalString(message: Members, name: string): string | null {
  const value = message[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw new InvalidDataError(`Expected '${name}' to be of type String.`);
  return value;
}

function requiredString(message: Members, name: string): string {
  const value = optionalString(message, name);
  if (value === null) throw new InvalidDataError(`Missing required property '${name}'.`);
  return value;
}

function requiredInteger(message: Members, name: string): number {
  const value = message[name];
  if (value === undefined) throw new InvalidDataError(`Missing required property '${name}'.`);
  if (!Number.isSafeInteger(value)) throw new InvalidDataError(`Expected '${name}' to be of type Number.`);
  return value as number;
}

function argumentsOf(message: Members): readonly unknown[] {
  const value = message["arguments"];
  if (value === undefined || value === null) throw new InvalidDataError("Missing required property 'arguments'.");
  if (!Array.isArray(value)) throw new InvalidDataError("Expected 'arguments' to be of type Array.");
  return value;
}

function streamIdsOf(message: Members): readonly string[] {
  const value = message["streamIds"];
  if (value === undefined || value === null) return noStreams;
  if (!Array.isArray(value) || !value.every((id): id is string => typeof id === "string")) {
    throw new InvalidDataError("Expected 'streamIds' to be of type Array.");
  }
  return value;
}

function outcomeOf(message: Members): CompletionOutcome {
  const error = optionalString(message, "error");
  const hasResult = Object.hasOwn(message, "result");
  if (error !== null && hasResult) {
    throw new InvalidDataError("The 'error' and 'result' properties are mutually exclusive.");
  }
  if (error !== null) return { kind: "error", error };
  return hasResult ? { kind: "result", result: message["result"] } : { kind: "void" };
}
