import { describe, expect, test } from "vitest";
import { transferFormats } from "../transports/connection.ts";
import { handshakeResponse, readHandshake } from "./handshake.ts";
import { JsonHubProtocol } from "./json/json-hub-protocol.ts";
import { MessagePackHubProtocol } from "./messagepack/messagepack-hub-protocol.ts";

const protocols = [new JsonHubProtocol(), new MessagePackHubProtocol()];
const read = (text: string, detailed = false) => readHandshake(Buffer.from(text), protocols, ["Text"], detailed);

describe("the handshake", () => {
  test("accepts versions 1 and 2 and any case of the protocol's name", () => {
    expect(read('{"protocol":"json","version":1}')).toMatchObject({ kind: "accepted", version: 1 });
    expect(read('{"version":2,"protocol":"JSON","extra":{}}')).toMatchObject({ kind: "accepted", version: 2 });
  });

  test("row 19: names what it does not support", () => {
    expect(read('{"protocol":"xml","version":1}')).toEqual({
      kind: "refused",
      error: "The protocol 'xml' is not supported.",
    });
    expect(read('{"protocol":"json","version":3}')).toEqual({
      kind: "refused",
      error: "The server does not support version 3 of the 'json' protocol.",
    });
  });

  test("row 19: takes MessagePack where the transport carries bytes, and nowhere else", () => {
    const asked = Buffer.from('{"protocol":"MessagePack","version":1}');
    expect(readHandshake(asked, protocols, transferFormats.WebSockets, false)).toMatchObject({
      kind: "accepted",
      protocol: { name: "messagepack" },
    });
    expect(readHandshake(asked, protocols, transferFormats.ServerSentEvents, false)).toEqual({
      kind: "refused",
      error:
        "Cannot use the 'messagepack' protocol on the current transport. The transport does not support 'Binary' transfer format.",
    });
  });

  test.each(["", "null", "[]", "{", '{"protocol":1,"version":1}', '{"protocol":"json"}', "[".repeat(200)])(
    "refuses %j without telling why",
    (text) => {
      const error = "An unexpected error occurred during connection handshake.";
      expect(read(text)).toEqual({ kind: "refused", error });
      expect(read(text, true)).toMatchObject({ error: expect.stringMatching(/InvalidDataException: ./) });
    },
  );

  test("answers an empty object, or the error", () => {
    expect(handshakeResponse(null)).toBe("{}\u001e");
    expect(handshakeResponse("no")).toBe('{"error":"no"}\u001e');
  });
});
