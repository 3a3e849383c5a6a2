import fc from "fast-check";

/** Bytes written as a person reads them: `"96 01 80"`. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}

/** Any value that MessagePack and this library have, the same after a round trip. */
export const messagePackValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double()),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.date({ noInvalidDate: true }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "toString", "ä", "1")), tie("value"), {
      maxKeys: 20,
    }),
  ),
})).value;
