import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hubMessages } from "../hub-message.fixture.ts";
import type { HubMessage } from "../hub-message.ts";
import { InvalidDataError } from "../invalid-data-error.ts";
import { JsonHubProtocol } from "./json-hub-protocol.ts";

const protocol = new JsonHubProtocol();
const parse = (text: string) => protocol.parse(Buffer.from(text));
const encode = (message: HubMessage) => protocol.encode(message, 0).toString();

const message = hubMessages(fc.jsonValue());

describe("the JSON hub protocol", () => {
  test("what it writes it reads again", () => {
    fc.assert(
      fc.property(message, (original) => {
        const bytes = protocol.encode(original, 3);
        expect(bytes.at(-1)).toBe(0x1e);
        const plain: unknown = JSON.parse(JSON.stringify(original));
        expect(JSON.parse(JSON.stringify(protocol.parse(bytes.subarray(3, -1))))).toEqual(plain);
      }),
    );
  });

  test("garbage is an InvalidDataError or skipped, never anything else", () => {
    const shaped = fc.dictionary(
      fc.constantFrom(
        "type",
        "target",
        "arguments",
        "invocationId",
        "error",
        "result",
        "item",
        "headers",
        "streamIds",
        "__proto__",
      ),
      fc.oneof(fc.integer({ min: -1, max: 11 }), fc.jsonValue()),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          shaped.map((value) => JSON.stringify(value)),
        ),
        (garbage) => {
          try {
            parse(garbage);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidDataError);
          }
        },
      ),
    );
  });

  test("writes members in the reference server's order", () => {
    expect(
      encode({ type: "invocation", invocationId: "1", target: "T", arguments: [1, undefined], streamIds: ["2"] }),
    ).toBe('{"type":1,"invocationId":"1","target":"T","arguments":[1,null],"streamIds":["2"]}\u001e');
    expect(encode({ type: "close", error: "gone", allowReconnect: true })).toBe(
      '{"type":7,"error":"gone","allowReconnect":true}\u001e',
    );
    expect(encode({ type: "close", error: null, allowReconnect: false })).toBe('{"type":7}\u001e');
    expect(encode({ type: "ping" })).toBe('{"type":6}\u001e');
  });

  test("row 48: a void method answers null", () => {
    const outcome = { kind: "result", result: undefined } as const;
    expect(encode({ type: "completion", invocationId: "1", outcome })).toBe(
      '{"type":3,"invocationId":"1","result":null}\u001e',
    );
  });

  test("row 49: an unknown type is skipped", () => {
    expect(parse('{"type":42}')).toBeNull();
  });

  test("row 50: unknown members, headers and any order are accepted", () => {
    expect(parse('{"arguments":[1],"x":{},"headers":{"Content-Type":"a"},"target":"T","type":1}')).toEqual({
      type: "invocation",
      invocationId: null,
      target: "T",
      arguments: [1],
      streamIds: [],
    });
  });

  test("an empty invocation id asks for no answer", () => {
    expect(parse('{"type":1,"invocationId":"","target":"T","arguments":[]}')).toMatchObject({ invocationId: null });
  });

  test.each([
    ['{"type":1,"target":"T"}', "Missing required property 'arguments'."],
    ['{"type":1,"arguments":[]}', "Missing required property 'target'."],
    ['{"type":4,"target":"T","arguments":[]}', "Missing required property 'invocationId'."],
    ['{"target":"T","arguments":[]}', "Missing required property 'type'."],
    ['{"type":"1"}', "Expected 'type' to be of type Number."],
    [
      '{"type":3,"invocationId":"1","error":"e","result":1}',
      "The 'error' and 'result' properties are mutually exclusive.",
    ],
    ['{"type":1,"target":"T","arguments":[],"headers":{"a":1}}', "Expected header 'a' to be of type String."],
    ["[1]", "Unexpected JSON Token Type. Expected a JSON Object."],
    ["{", "Error reading JSON."],
  ])("row 51: %s is refused", (json, error) => {
    expect(() => parse(json)).toThrow(new InvalidDataError(error));
  });

  test("nesting is allowed to a depth of 64 and no further", () => {
    const nested = (depth: number) => `{"type":42,"x":${"[".repeat(depth)}"]]]]\\"{{"${"]".repeat(depth)}}`;
    expect(parse(nested(63))).toBeNull();
    expect(() => parse(nested(64))).toThrow("The maximum depth of 64 was exceeded.");
    expect(() => parse("[".repeat(30_000))).toThrow(InvalidDataError);
  });

  test("brackets inside strings are not nesting", () => {
    expect(parse(`{"type":42,"x":"${'[{\\"'.repeat(100)}"}`)).toBeNull();
  });
});
