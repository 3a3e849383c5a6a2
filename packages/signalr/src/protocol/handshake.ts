import type { HubProtocol, TransferFormat } from "./hub-protocol.ts";
import { InvalidDataError } from "./invalid-data-error.ts";
import { parseObject } from "./json/parse-message.ts";

/** 2 is asked for by clients that can do stateful reconnect; everything else is alike. */
const maximumVersion = 2;

export type HandshakeRequest =
  | { readonly kind: "accepted"; readonly protocol: HubProtocol; readonly version: number }
  | { readonly kind: "refused"; readonly error: string };

/** Judges the client's first record by what the transport can carry. `detailed` adds what was wrong with a malformed one. */
export function readHandshake(
  record: Buffer,
  protocols: readonly HubProtocol[],
  formats: readonly TransferFormat[],
  detailed: boolean,
): HandshakeRequest {
  try {
    const request = parseObject(record);
    const name = request["protocol"];
    const version = request["version"];
    if (typeof name !== "string") throw new InvalidDataError("Missing required property 'protocol'.");
    if (!Number.isSafeInteger(version)) throw new InvalidDataError("Missing required property 'version'.");
    const protocol = protocols.find((candidate) => candidate.name === name.toLowerCase());
    if (protocol === undefined) return { kind: "refused", error: `The protocol '${name}' is not supported.` };
    if (Number(version) > maximumVersion) {
      return {
        kind: "refused",
        error: `The server does not support version ${Number(version)} of the '${protocol.name}' protocol.`,
      };
    }
    if (!formats.includes(protocol.transferFormat)) {
      return {
        kind: "refused",
        error: `Cannot use the '${protocol.name}' protocol on the current transport. The transport does not support '${protocol.transferFormat}' transfer format.`,
      };
    }
    return { kind: "accepted", protocol, version: Number(version) };
  } catch (error) {
    const base = "An unexpected error occurred during connection handshake.";
    const detail = detailed && error instanceof Error ? ` ${error.name}: ${error.message}` : "";
    return { kind: "refused", error: base + detail };
  }
}

/** The server's answer, separator included; always JSON, whatever the protocol. */
export function handshakeResponse(error: string | null): string {
  return `${error === null ? "{}" : JSON.stringify({ error })}\u001e`;
}

export const handshakeCanceled = "Handshake was canceled.";
