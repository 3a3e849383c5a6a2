import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidDataError } from "../invalid-data-error.ts";
import { hex, messagePackValue } from "./messagepack.fixture.ts";
import { ValueReader } from "./value-reader.ts";
import { ValueWriter } from "./value-writer.ts";

const read = (bytes: Buffer) => new ValueReader(bytes).value(0);

function write(value: unknown): Buffer {
  const writer = new ValueWriter();
  writer.value(value, 0);
  const bytes = Buffer.alloc(writer.length);
  writer.copyTo(bytes, 0);
  return bytes;
}

const at = (iso: string) => new Date(iso);
const times = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);
const text = (length: number) => "x".repeat(length);
const texted = (head: string, length: number) => Buffer.concat([hex(head), Buffer.from(text(length))]);
const zeros = (head: string, length: number) => Buffer.concat([hex(head), Buffer.alloc(length)]);

/** Written by hand from the specification, each in its shortest form. */
const golden: readonly (readonly [unknown, Buffer])[] = [
  [null, hex("c0")],
  [false, hex("c2")],
  [true, hex("c3")],
  [0, hex("00")],
  [127, hex("7f")],
  [128, hex("cc 80")],
  [255, hex("cc ff")],
  [256, hex("cd 0100")],
  [65_535, hex("cd ffff")],
  [65_536, hex("ce 00010000")],
  [4_294_967_295, hex("ce ffffffff")],
  [4_294_967_296, hex("cf 0000000100000000")],
  [Number.MAX_SAFE_INTEGER, hex("cf 001fffffffffffff")],
  [2n ** 53n, hex("cf 0020000000000000")],
  [2n ** 64n - 1n, hex("cf ffffffffffffffff")],
  [-1, hex("ff")],
  [-32, hex("e0")],
  [-33, hex("d0 df")],
  [-128, hex("d0 80")],
  [-129, hex("d1 ff7f")],
  [-32_768, hex("d1 8000")],
  [-32_769, hex("d2 ffff7fff")],
  [-2_147_483_648, hex("d2 80000000")],
  [-2_147_483_649, hex("d3 ffffffff7fffffff")],
  [-(2n ** 63n), hex("d3 8000000000000000")],
  [1.5, hex("cb 3ff8000000000000")],
  [-0, hex("cb 8000000000000000")],
  [Number.POSITIVE_INFINITY, hex("cb 7ff0000000000000")],
  ["", hex("a0")],
  ["ä€😀", hex("a9 c3a4 e282ac f09f9880")],
  [text(31), texted("bf", 31)],
  [text(32), texted("d9 20", 32)],
  [text(255), texted("d9 ff", 255)],
  [text(256), texted("da 0100", 256)],
  [text(65_536), texted("db 00010000", 65_536)],
  [Uint8Array.of(1, 2), hex("c4 02 0102")],
  [new Uint8Array(256), zeros("c5 0100", 256)],
  [new Uint8Array(65_536), zeros("c6 00010000", 65_536)],
  [[], hex("90")],
  [[1, [2]], hex("92 01 91 02")],
  [times(16, 0), zeros("dc 0010", 16)],
  [{}, hex("80")],
  [{ a: 1, b: null }, hex("82 a161 01 a162 c0")],
  [at("1970-01-01T00:00:00Z"), hex("d6ff 00000000")],
  [at("2106-02-07T06:28:15Z"), hex("d6ff ffffffff")],
  [at("2106-02-07T06:28:16Z"), hex("d7ff 00000001 00000000")],
  [at("1970-01-01T00:00:00.001Z"), hex("d7ff 003d0900 00000000")],
  [at("1969-12-31T23:59:59.999Z"), hex("c70cff 3b8b87c0 ffffffffffffffff")],
];

describe("MessagePack values", () => {
  test.each(golden.map(([value, bytes]) => ({ value, bytes, start: bytes.toString("hex", 0, 12) })))(
    "$start is read, and written again",
    ({ value, bytes }) => {
      expect(write(value)).toEqual(bytes);
      expect(read(bytes)).toEqual(value);
    },
  );

  test.each<[string, unknown]>([
    ["ca 3fc00000", 1.5],
    ["cd 0005", 5],
    ["d3 0000000000000005", 5],
    ["cf 0000000000000005", 5],
    ["d9 01 61", "a"],
    ["db 00000001 61", "a"],
    ["dd 00000001 c0", [null]],
    ["df 00000001 a161 c0", { a: null }],
    ["81 07 c0", { "7": null }],
    ["d7ff ee6b27fc 00000000", new Date(999)],
  ])("%s is not the shortest form, and is read", (bytes, value) => {
    expect(read(hex(bytes))).toEqual(value);
  });

  test("what it writes it reads again", () => {
    fc.assert(
      fc.property(messagePackValue, (value) => {
        expect(read(write(value))).toEqual(value);
      }),
    );
  });

  test("it reads what the official clients' library writes, and that library reads it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.date({ noInvalidDate: true }), fc.uint8Array()), (value) => {
        const same: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(JSON.stringify(read(Buffer.from(encode(value)))))).toEqual(same);
        expect(JSON.parse(JSON.stringify(decode(new Uint8Array(write(value)))))).toEqual(same);
      }),
    );
  });

  test("of a value it takes what JSON takes", () => {
    const value = {
      gone: undefined,
      run: () => {},
      list: [undefined, Symbol("none")],
      own: { toJSON: () => "as it says" },
      never: new Date(Number.NaN),
    };
    expect(read(write(value))).toEqual({ list: [null, null], own: "as it says", never: null });
  });

  test.each<[unknown, string]>([
    [2n ** 64n, "MessagePack has no integer of this size."],
    [-(2n ** 63n) - 1n, "MessagePack has no integer of this size."],
    [Array.from({ length: 65 }).reduce<unknown>((inner) => [inner], null), "Values nest deeper than 64."],
  ])("what MessagePack cannot say is an error of the sender's", (value, words) => {
    expect(() => write(value)).toThrow(words);
  });

  test("a value that holds itself is an error, not the end of the process", () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(() => write(ring)).toThrow("Values nest deeper than 64.");
  });

  test("a member named __proto__ is a member and nobody's prototype", () => {
    const value = read(hex("81 a9 5f5f70726f746f5f5f 81 a161 01")) as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect("a" in value).toBe(false);
  });

  test("bytes are a copy: keeping them keeps nothing else", () => {
    const received = hex("c4 02 0102");
    const value = read(received) as Uint8Array;
    received.fill(9);
    expect(value).toEqual(Uint8Array.of(1, 2));
    expect(value.buffer.byteLength).toBe(2);
  });

  test.each([
    ["c1", "MessagePack has no type 0xc1."],
    ["d4 01 00", "The extension type 1 is not supported."],
    ["c7 03 ff 000000", "A timestamp has 4, 8 or 12 bytes, not 3."],
    ["d7ff ffffffff 00000000", "A timestamp is out of range."],
    ["c70cff 00000000 7fffffffffffffff", "A timestamp is out of range."],
    ["81 c0 01", "Names of a map are text."],
    ["81 90 01", "The maximum depth of 64 was exceeded."],
    ["dd ffffffff", "The message ends before it is whole."],
    ["df 00000002 a161 01", "The message ends before it is whole."],
    ["db 7fffffff 61", "The message ends before it is whole."],
    ["c6 ffffffff 00", "The message ends before it is whole."],
    ["c9 ffffffff ff", "The message ends before it is whole."],
    ["cb 00", "The message ends before it is whole."],
    ["", "The message ends before it is whole."],
  ])("%s is refused: %s", (bytes, error) => {
    expect(() => read(hex(bytes))).toThrow(new InvalidDataError(error));
  });

  test("nesting is allowed to a depth of 64 and no further, whatever the length declared", () => {
    expect(() => read(Buffer.alloc(64, 0x91))).toThrow("The message ends before it is whole.");
    expect(() => read(Buffer.alloc(65, 0x91))).toThrow("The maximum depth of 64 was exceeded.");
    expect(() => read(Buffer.alloc(32_768, 0xdd))).toThrow(InvalidDataError);
  });

  test("arrays, maps, binaries and times that cost more than they weigh are bounded", () => {
    expect(read(zeros("dc 0fff", 0xfff).fill(0x90, 3))).toHaveLength(0xfff);
    for (const item of ["90", "80", "c400", "d6ff00000000"]) {
      const items = Buffer.concat([hex("dc 1000"), ...times(0x1000, hex(item))]);
      expect(() => read(items)).toThrow("More than 4096 arrays, maps, binaries and times in one message.");
    }
  });

  test("a lying length allocates nothing", () => {
    const lies = Buffer.concat([...times(60, hex("dd 00007fff")), Buffer.alloc(32_000, 0xc0)]);
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < 20; round++) expect(() => read(lies)).toThrow(InvalidDataError);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024);
  });
});
