import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameReader } from "./frame-reader.ts";

type Seen = { data: string; pings: string[]; close: (number | null)[]; violations: number[] };

function reading(chunks: readonly Buffer[], maximumFragments = 64): Seen {
  const seen: Seen = { data: "", pings: [], close: [], violations: [] };
  const reader = new FrameReader(maximumFragments);
  for (const chunk of chunks) {
    reader.read(Buffer.from(chunk), {
      onData: (data) => (seen.data += data.toString("latin1")),
      onPing: (payload) => seen.pings.push(payload.toString("latin1")),
      onClose: (code) => seen.close.push(code),
      onViolation: (code) => seen.violations.push(code),
    });
  }
  return seen;
}

function masked(
  opcode: number,
  payload: string | Uint8Array,
  options: { final?: boolean; mask?: readonly number[] } = {},
): Buffer {
  const body = Buffer.from(typeof payload === "string" ? Buffer.from(payload, "latin1") : payload);
  const mask = options.mask ?? [1, 2, 3, 4];
  const first = (options.final === false ? 0 : 0x80) | opcode;
  const header = [first];
  if (body.length < 126) header.push(0x80 | body.length);
  else if (body.length < 0x10000) header.push(0x80 | 126, body.length >> 8, body.length & 0xff);
  else header.push(0x80 | 127, 0, 0, 0, 0, 0, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff);
  return Buffer.from([...header, ...mask, ...body.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let start = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return [...chunks, bytes.subarray(start)];
}

describe("the WebSocket frame reader", () => {
  test("any cutting of the stream gives the same bytes and pings", () => {
    const frame = fc.record({
      opcode: fc.constantFrom(1, 2, 9, 10),
      payload: fc.uint8Array({ maxLength: 120 }),
      mask: fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 30 })), (frames, sizes) => {
        const stream = Buffer.concat(frames.map(({ opcode, payload, mask }) => masked(opcode, payload, { mask })));
        const text = (opcodes: number[]) =>
          frames
            .filter(({ opcode }) => opcodes.includes(opcode))
            .map(({ payload }) => Buffer.from(payload).toString("latin1"));
        expect(reading(cut(stream, sizes))).toEqual({
          data: text([1, 2]).join(""),
          pings: text([9]),
          close: [],
          violations: [],
        });
      }),
    );
  });

  test("garbage ends in a violation or a close at most once and never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
        const { close, violations } = reading(chunks.map((chunk) => Buffer.from(chunk)));
        expect(close.length + violations.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_001])("a payload of %i bytes comes whole", (length) => {
    const payload = "abcdefg".repeat(10_001).slice(0, length);
    expect(reading([masked(1, payload)]).data).toBe(payload);
    expect(reading(cut(masked(2, payload), [1, 1, 3, 4, 1001])).data).toBe(payload);
  });

  test("fragments with a ping between them are one stream", () => {
    const stream = [
      masked(1, "ab", { final: false }),
      masked(9, "p"),
      masked(0, "cd", { final: false }),
      masked(0, "ef"),
    ];
    expect(reading(stream)).toMatchObject({ data: "abcdef", pings: ["p"], violations: [] });
  });

  test("a message may have as many fragments as allowed, and each message anew", () => {
    const message = [masked(1, "a", { final: false }), masked(0, "b", { final: false }), masked(0, "c")];
    expect(reading([...message, ...message], 2)).toMatchObject({ data: "abcabc", violations: [] });
    expect(reading([...message, ...message], 1)).toMatchObject({ violations: [1008] });
  });

  test("a close frame is read with its code, without, and then nothing more", () => {
    expect(reading([masked(8, Buffer.from([0x03, 0xe9])), masked(1, "x")])).toMatchObject({ close: [1001], data: "" });
    expect(reading([masked(8, "")]).close).toEqual([null]);
    expect(reading([masked(8, "x")])).toMatchObject({ close: [], violations: [1002] });
  });

  test.each([
    ["an unmasked frame", Buffer.from([0x81, 0x01, 0x61]), 1002],
    ["a reserved bit", Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
    ["an unknown data opcode", masked(3, "x"), 1002],
    ["an unknown control opcode", masked(11, ""), 1002],
    ["a continuation of nothing", masked(0, "x"), 1002],
    ["a fragmented ping", masked(9, "x", { final: false }), 1002],
    ["a long ping", masked(9, "x".repeat(126)), 1002],
    ["a length beyond all numbers", Buffer.from([0x82, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]), 1009],
  ])("%s is a violation", (_name, bytes, code) => {
    expect(reading([bytes, masked(1, "more")])).toMatchObject({ data: "", violations: [code] });
  });

  test("a new message inside a fragmented one is a violation", () => {
    expect(reading([masked(1, "a", { final: false }), masked(1, "b")])).toMatchObject({
      data: "a",
      violations: [1002],
    });
  });
});
