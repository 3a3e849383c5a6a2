import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidDataError } from "./invalid-data-error.ts";
import { RecordReader } from "./record-reader.ts";

function readAll(reader: RecordReader): string[] {
  const records: string[] = [];
  for (let record = reader.next(); record !== null; record = reader.next()) records.push(record.toString("latin1"));
  return records;
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let start = 0;
  for (const size of sizes) {
    chunks.push(Buffer.from(bytes.subarray(start, start + size)));
    start += size;
  }
  return [...chunks, Buffer.from(bytes.subarray(start))];
}

describe("the record reader", () => {
  test("any cutting of the stream gives the same records", () => {
    const record = fc.string({ unit: fc.constantFrom("a", "b", "\u001d", "\u001f"), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(record), fc.array(fc.nat(50)), fc.boolean(), (records, sizes, readsBetween) => {
        const reader = new RecordReader(64);
        const found: string[] = [];
        for (const chunk of cut(Buffer.from(records.map((text) => `${text}\u001e`).join(""), "latin1"), sizes)) {
          reader.push(chunk);
          if (readsBetween) found.push(...readAll(reader));
        }
        expect([...found, ...readAll(reader)]).toEqual(records);
        expect(reader.unreadBytes).toBe(0);
      }),
    );
  });

  test("garbage gives records or an InvalidDataError, never anything else", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
        const reader = new RecordReader(32);
        try {
          for (const chunk of chunks) {
            reader.push(Buffer.from(chunk));
            readAll(reader);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidDataError);
        }
      }),
    );
  });

  test("a record of exactly the limit, separator included, passes", () => {
    const reader = new RecordReader(8);
    reader.push(Buffer.from("1234567\u001e"));
    expect(readAll(reader)).toEqual(["1234567"]);
  });

  test("one byte more is refused, also before its separator has come", () => {
    const whole = new RecordReader(8);
    whole.push(Buffer.from("12345678\u001e"));
    expect(() => whole.next()).toThrow("The maximum message size of 8B was exceeded.");
    const unfinished = new RecordReader(8);
    unfinished.push(Buffer.from("12345678"));
    expect(() => unfinished.next()).toThrow(InvalidDataError);
  });

  test("small records together may exceed the limit", () => {
    const reader = new RecordReader(8);
    reader.push(Buffer.from("12345\u001e".repeat(100)));
    expect(readAll(reader)).toHaveLength(100);
  });

  test("a chunk given to it is never written to", () => {
    const reader = new RecordReader(100);
    const first = Buffer.from("abc");
    reader.push(first.subarray(0, 1));
    reader.push(Buffer.from("xyz"));
    expect(first.toString()).toBe("abc");
  });
});
