import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidDataError } from "../invalid-data-error.ts";
import { prefixLength, writePrefix } from "./length-prefix.ts";
import { LengthReader } from "./length-reader.ts";
import { hex } from "./messagepack.fixture.ts";

function readAll(reader: LengthReader): string[] {
  const found: string[] = [];
  for (let message = reader.next(); message !== null; message = reader.next()) found.push(message.toString("hex"));
  return found;
}

function framed(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(prefixLength(message.length) + message.length);
  writePrefix(bytes, 0, message.length);
  bytes.set(message, prefixLength(message.length));
  return bytes;
}

describe("the length reader", () => {
  test("any cutting of the stream gives the same messages", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 })),
        fc.array(fc.nat(200)),
        fc.boolean(),
        (messages, sizes, readsBetween) => {
          const stream = Buffer.concat(messages.map(framed));
          const reader = new LengthReader(1000);
          const found: string[] = [];
          let start = 0;
          for (const size of [...sizes, stream.length]) {
            reader.push(Buffer.from(stream.subarray(start, start + size)));
            start += size;
            if (readsBetween) found.push(...readAll(reader));
          }
          expect([...found, ...readAll(reader)]).toEqual(messages.map((bytes) => Buffer.from(bytes).toString("hex")));
          expect(reader.unreadBytes).toBe(0);
        },
      ),
    );
  });

  test("lengths are written seven bits a byte, lowest first", () => {
    expect(framed(new Uint8Array(127)).subarray(0, 1)).toEqual(hex("7f"));
    expect(framed(new Uint8Array(128)).subarray(0, 2)).toEqual(hex("80 01"));
    expect(framed(new Uint8Array(16_384)).subarray(0, 3)).toEqual(hex("80 80 01"));
  });

  test("a message of exactly the limit passes, its length included; one byte more is refused before it has come", () => {
    const reader = new LengthReader(8);
    reader.push(hex("07 01020304050607"));
    expect(readAll(reader)).toEqual(["01020304050607"]);
    reader.push(hex("08"));
    expect(() => reader.next()).toThrow(
      new InvalidDataError(
        "The maximum message size of 8B was exceeded. The message size can be configured with maximumReceiveMessageSize.",
      ),
    );
  });

  test.each(["ffffffff08", "8080808080", "ffffffffffffffff"])("a length of 2 GiB or more is refused: %s", (bytes) => {
    const reader = new LengthReader(2 ** 40);
    reader.push(hex(bytes));
    expect(() => reader.next()).toThrow(new InvalidDataError("Messages over 2GB in size are not supported."));
  });

  test("waits for a length that comes in pieces, and holds what it has not handed out", () => {
    const reader = new LengthReader(1000);
    reader.push(hex("80"));
    expect(reader.next()).toBeNull();
    reader.push(hex("01 aa"));
    expect(reader.next()).toBeNull();
    expect(reader.unreadBytes).toBe(3);
    expect(reader.rest()).toEqual(hex("80 01 aa"));
    expect(reader.unreadBytes).toBe(0);
  });
});
