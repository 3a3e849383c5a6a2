import { describe, expect, test } from "vitest";
import { systemRandom } from "../random.ts";
import { rotateKeys } from "./rotate-keys.ts";
import type { SigningKeys } from "./signing-keys.ts";

const dayMs = 24 * 3_600_000;
const secret = "s".repeat(43);
const keysOf = (...tokenKeys: { kid: string; days?: number }[]): SigningKeys => ({
  tokenKeys: tokenKeys.map(({ kid, days }) => ({
    kid,
    secret,
    ...(days === undefined ? {} : { createdAt: new Date(days * dayMs).toISOString() }),
  })),
  refreshKey: secret,
  pairingKey: secret,
});
const kids = (keys: SigningKeys) => keys.tokenKeys.map(({ kid }) => kid);
const at = (keys: SigningKeys, days: number) => rotateKeys(keys, days * dayMs, systemRandom);

describe("a signing key", () => {
  test("signs for 180 days, then a fresh one does and the old one still verifies", () => {
    const keys = keysOf({ kid: "first", days: 0 });
    expect(at(keys, 179)).toBe(keys);
    const rotated = at(keys, 180);
    expect(rotated.tokenKeys).toHaveLength(2);
    expect(kids(rotated)[0]).not.toBe("first");
    expect(kids(rotated)[1]).toBe("first");
    expect(rotated.tokenKeys[0]?.secret).not.toBe(secret);
  });

  test("that signs no more goes when the last token under it has run out, not before", () => {
    const keys = keysOf({ kid: "second", days: 180 }, { kid: "first", days: 0 });
    expect(kids(at(keys, 269))).toEqual(["second", "first"]);
    expect(kids(at(keys, 271))).toEqual(["second"]);
  });

  test("of a server that slept for years is replaced, and what it signed is still read for a while", () => {
    const rotated = at(keysOf({ kid: "second", days: 180 }, { kid: "first", days: 0 }), 3_000);
    expect(kids(rotated).slice(1)).toEqual(["second"]);
  });

  test("without an age is as old as the start that finds it", () => {
    const aged = at(keysOf({ kid: "first" }), 500);
    expect(aged.tokenKeys).toEqual([{ kid: "first", secret, createdAt: new Date(500 * dayMs).toISOString() }]);
    expect(at(aged, 600)).toBe(aged);
  });

  test("of a clock that was set back is left as it is", () => {
    const keys = keysOf({ kid: "first", days: 400 });
    expect(at(keys, 100)).toBe(keys);
  });
});
