import { normalizePairingCode, pairingCodeAlphabet } from "@dsp-fleet/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { missingCharacters, readCode } from "./code-entry.ts";

describe("the code that a person enters", () => {
  test.each(["K7M4QX", "k7m4qx", "K7M-4QX", " k7m 4qx ", "K7M·4QX", "k-7-m-4-q-x", "Ｋ７Ｍ４ＱＸ", "K7M4QX\n"])(
    "%j is K7M4QX",
    (entry) => {
      expect(readCode(entry)).toEqual({ code: "K7M4QX", odd: null });
    },
  );

  test("stops at six characters", () => {
    expect(readCode("K7M4QXZZ").code).toBe("K7M4QX");
  });

  test.each([
    ["K0M", "KM", "0"],
    ["kol", "K", "O"],
    ["ß7", "SS7", null],
    ["é7", "7", "É"],
  ])("%j keeps %j and names %j as no character of a code", (entry, code, odd) => {
    expect(readCode(entry)).toEqual({ code, odd });
  });

  test("is the server's reading of it, whatever stands between the characters", () => {
    const characters = fc.array(fc.constantFrom(...pairingCodeAlphabet), { minLength: 6, maxLength: 6 });
    const between = fc.constantFrom("", " ", "-", "·", "\t");
    fc.assert(
      fc.property(characters, between, fc.boolean(), (code, gap, lower) => {
        const entry = lower ? code.join(gap).toLowerCase() : code.join(gap);
        expect(readCode(entry).code).toBe(normalizePairingCode(entry));
      }),
    );
  });

  test("says how much is missing", () => {
    expect(["", "K7M4Q", "K7M4QX"].map(missingCharacters)).toEqual([6, 1, 0]);
  });
});
