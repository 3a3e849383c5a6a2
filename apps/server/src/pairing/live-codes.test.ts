import { pairingCodeLifeMs } from "@dsp-fleet/contract";
import { describe, expect, test } from "vitest";
import { createLiveCodes, liveCodesPerAddress } from "./live-codes.ts";

function anAddressAtItsLimit() {
  let now = 0;
  const codes = createLiveCodes({ now: () => now, after: () => () => {} });
  for (let phone = 1; phone <= liveCodesPerAddress; phone += 1) codes.drawn("depot", `phone ${phone}`, phone);
  return { codes, pass: (ms: number) => (now += ms) };
}

describe("an address whose phones show as many codes as it may have", () => {
  test("waits until the oldest runs out", () => {
    const { codes, pass } = anAddressAtItsLimit();
    expect(codes.take("depot", "another")).toBe(pairingCodeLifeMs / 1000);
    pass(pairingCodeLifeMs);
    expect(codes.take("depot", "another")).toBe(0);
  });

  test("may renew each of them", () => {
    const { codes } = anAddressAtItsLimit();
    expect(codes.take("depot", "phone 7")).toBe(0);
  });

  test("gets room when one is used", () => {
    const { codes } = anAddressAtItsLimit();
    codes.gone(7);
    expect(codes.take("depot", "another")).toBe(0);
  });

  test("is no other address's trouble", () => {
    const { codes } = anAddressAtItsLimit();
    expect(codes.take("elsewhere", "another")).toBe(0);
  });
});
