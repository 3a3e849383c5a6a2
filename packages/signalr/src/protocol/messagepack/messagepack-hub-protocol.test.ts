import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hubMessages } from "../hub-message.fixture.ts";
import type { HubMessage } from "../hub-message.ts";
import { InvalidDataError } from "../invalid-data-error.ts";
import { hex, messagePackValue } from "./messagepack.fixture.ts";
import { MessagePackHubProtocol } from "./messagepack-hub-protocol.ts";

const protocol = new MessagePackHubProtocol();
const parse = (bytes: Buffer) => protocol.parse(bytes);
const message = hubMessages(messagePackValue);

/** Without the length before it. */
function body(framed: Buffer): Buffer {
  const reader = protocol.createReader(framed.length);
  reader.push(framed);
  return reader.next() ?? Buffer.alloc(0);
}

const call = { target: "T", arguments: [1], streamIds: [] } as const;

/** Written by hand from the specification. */
const golden: readonly [HubMessage, string][] = [
  [{ type: "invocation", invocationId: null, ...call }, "09 96 01 80 c0 a154 91 01 90"],
  [{ type: "invocation", invocationId: "1", ...call, streamIds: ["2"] }, "0c 96 01 80 a131 a154 91 01 91 a132"],
  [{ type: "stream-item", invocationId: "1", item: "a" }, "07 94 02 80 a131 a161"],
  [{ type: "completion", invocationId: "1", outcome: { kind: "error", error: "no" } }, "09 95 03 80 a131 01 a26e6f"],
  [{ type: "completion", invocationId: "1", outcome: { kind: "void" } }, "06 94 03 80 a131 02"],
  [{ type: "completion", invocationId: "1", outcome: { kind: "result", result: null } }, "07 95 03 80 a131 03 c0"],
  [{ type: "stream-invocation", invocationId: "1", ...call }, "0a 96 04 80 a131 a154 91 01 90"],
  [{ type: "cancel-invocation", invocationId: "1" }, "05 93 05 80 a131"],
  [{ type: "ping" }, "02 91 06"],
  [{ type: "close", error: null, allowReconnect: false }, "04 93 07 c0 c2"],
  [{ type: "close", error: "no", allowReconnect: true }, "06 93 07 a26e6f c3"],
  [{ type: "ack", sequenceId: 300 }, "05 92 08 cd012c"],
  [{ type: "sequence", sequenceId: 1 }, "03 92 09 01"],
];

describe("the MessagePack hub protocol", () => {
  test.each(golden)("%j is the specification's bytes, both ways", (content, bytes) => {
    expect(protocol.encode(content, 0)).toEqual(hex(bytes));
    expect(parse(hex(bytes).subarray(1))).toEqual(content);
  });

  test("what it writes it reads again", () => {
    fc.assert(
      fc.property(message, (original) => {
        expect(parse(body(protocol.encode(original, 3).subarray(3)))).toEqual(original);
      }),
    );
  });

  test("row 48: a void method answers nil", () => {
    const outcome = { kind: "result", result: undefined } as const;
    expect(protocol.encode({ type: "completion", invocationId: "1", outcome }, 0)).toEqual(
      hex("07 95 03 80 a131 03 c0"),
    );
  });

  test("row 49: an unknown type is skipped, whatever it holds", () => {
    expect(parse(hex("92 2a c1"))).toBeNull();
  });

  test.each([
    ["an invocation of older clients, without streams", "95 01 80 c0 a154 90", { target: "T", streamIds: [] }],
    ["an empty invocation id asks for no answer", "96 01 80 a0 a154 90 90", { invocationId: null }],
    ["headers", "96 01 81 a161 a162 c0 a154 90 90", { target: "T" }],
    ["no headers, as nil", "95 01 c0 c0 a154 90", { target: "T" }],
    ["items behind the known ones", "97 01 80 c0 a154 90 90 c1", { target: "T" }],
    ["a close without allowReconnect", "92 07 c0", { type: "close", error: null, allowReconnect: false }],
    ["a close with an empty error", "92 07 a0", { error: "" }],
    ["a ping with more in it", "92 06 80", { type: "ping" }],
    ["an array of longer form", "dc 0001 06", { type: "ping" }],
  ])("row 58: %s", (_name, bytes, expected) => {
    expect(parse(hex(bytes))).toMatchObject(expected);
  });

  test.each([
    ["", "The message ends before it is whole."],
    ["c0", "Reading array length for 'message' failed."],
    ["90", "Reading 'messageType' as Int32 failed."],
    ["91 a131", "Reading 'messageType' as Int32 failed."],
    ["95 01 90 c0 a154 90", "Reading map length for 'headers' failed."],
    ["95 01 81a16101 c0 a154 90", "Reading 'headers[0].Value' as String failed."],
    ["95 01 80 01 a154 90", "Reading 'invocationId' as String failed."],
    ["95 04 80 c0 a154 90", "Reading 'invocationId' as String failed."],
    ["95 01 80 c0 c0 90", "Reading 'target' as String failed."],
    ["94 01 80 c0 a154", "Reading array length for 'arguments' failed."],
    ["96 01 80 c0 a154 90 91 01", "Reading 'streamIds' as String failed."],
    ["93 02 80 a131", "Reading 'item' failed."],
    ["94 03 80 a131 04", "Invalid invocation result kind."],
    ["95 03 80 a131 01 c0", "Reading 'error' as String failed."],
    ["93 07 c0 01", "Reading 'allowReconnect' as Boolean failed."],
    ["92 08 c0", "Reading 'sequenceId' as Int64 failed."],
    ["92 09 cfffffffffffffffff", "Reading 'sequenceId' as Int64 failed."],
  ])("row 51: %s is refused", (bytes, error) => {
    expect(() => parse(hex(bytes))).toThrow(new InvalidDataError(error));
  });

  test("times are times where the sender says so, and the message keeps its text", () => {
    const iso = "2026-01-31T12:00:00.000Z";
    const withDates = ([at]: readonly unknown[]) => [new Date(String(at))];
    const content = { type: "invocation", invocationId: null, ...call, arguments: [iso], withDates } as const;
    expect(parse(body(protocol.encode(content, 0)))).toMatchObject({ arguments: [new Date(iso)] });
    expect(content.arguments).toEqual([iso]);
  });

  test("a value that sends while it is written does not write into the message around it", () => {
    const inner = { type: "ack", sequenceId: 7 } as const;
    const result = { toJSON: () => protocol.encode(inner, 0).toString("hex") };
    const outer = { type: "completion", invocationId: "1", outcome: { kind: "result", result } } as const;
    expect(parse(body(protocol.encode(outer, 0)))).toMatchObject({ outcome: { result: "03920807" } });
  });

  test("after a message that cannot be written the next one is whole", () => {
    const failing = { type: "stream-item", invocationId: "1", item: [1, 2n ** 64n] } as const;
    expect(() => protocol.encode(failing, 0)).toThrow(RangeError);
    expect(protocol.encode({ type: "ping" }, 0)).toEqual(hex("02 91 06"));
  });
});

describe("garbage", () => {
  /** What came of it that is neither a message nor an InvalidDataError. */
  function surprise(bytes: Uint8Array): unknown {
    try {
      parse(Buffer.from(bytes));
      return null;
    } catch (error) {
      return error instanceof InvalidDataError ? null : error;
    }
  }

  const change = fc.record({ at: fc.nat(), kind: fc.constantFrom("set", "cut", "insert"), byte: fc.nat(255) });
  const mutated = fc.tuple(message, fc.array(change, { minLength: 1, maxLength: 6 })).map(([original, changes]) => {
    let bytes = [...body(protocol.encode(original, 0))];
    for (const { at, kind, byte } of changes) {
      const index = at % (bytes.length + 1);
      if (kind === "cut") bytes = bytes.slice(0, index);
      else bytes.splice(index, kind === "set" ? 1 : 0, byte);
    }
    return Uint8Array.from(bytes);
  });
  /** Heads that declare much, more often than chance would have it. */
  const heads = fc.constantFrom(
    0xc4,
    0xc6,
    0xc7,
    0xc9,
    0xd4,
    0xd6,
    0xd7,
    0xd9,
    0xdb,
    0xdc,
    0xdd,
    0xde,
    0xdf,
    0x96,
    0x80,
  );
  const hostile = fc
    .array(fc.oneof(heads, fc.nat(255)), { maxLength: 200 })
    .map((rest) => Uint8Array.from([0x96, 0x01, 0x80, 0xc0, 0xa1, 0x54, ...rest]));

  // fast-check prints the seed of a run that fails; the seed is fresh each time.
  test.each([
    ["random bytes", fc.uint8Array({ maxLength: 200 })],
    ["messages with a few bytes changed", mutated],
    ["arguments of hostile heads", hostile],
  ])("of any kind is refused or read: %s", (_name, bytes) => {
    fc.assert(
      fc.property(bytes, (each) => {
        expect(surprise(each)).toBeNull();
      }),
      { numRuns: 8_000 },
    );
  });

  test("a message cut anywhere is refused, never read as another", () => {
    fc.assert(
      fc.property(message, fc.nat(), (original, cut) => {
        const whole = body(protocol.encode({ ...original }, 0));
        const part = whole.subarray(0, cut % whole.length);
        // A close is whole without its last item only by its declared length, so that too is refused.
        expect(() => parse(Buffer.from(part))).toThrow(InvalidDataError);
      }),
      { numRuns: 1_000 },
    );
  });
});
