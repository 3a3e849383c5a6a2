import { describe, expect, test } from "vitest";
import { handshakeResponse, readHandshake } from "./handshake.ts";
import { JsonHubProtocol } from "./json/json-hub-protocol.ts";

const protocols = [new JsonHubProtocol()];
const read = (text: string, detailed = false) => readHandshake(Buffer.from(text), protocols, detailed);

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
