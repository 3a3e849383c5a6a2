import { describe, expect, test } from "vitest";
import { connectionLimits } from "./limits.ts";
import { NegotiationTable } from "./negotiation-table.ts";

const promise = (token: string, countedAddress: string | null) => ({
  connectionId: `id-${token}`,
  connectionToken: token,
  principalKey: "key",
  countedAddress,
  hub: {},
});

describe("the table of negotiations", () => {
  test("holds 20 of one address, none of another's, and frees a place when one is used", () => {
    const table = new NegotiationTable(connectionLimits({}));
    for (let index = 0; index < 20; index++) {
      expect(table.reserve(promise(`t${index}`, "10.0.0.1"), 0)).toEqual({ kind: "reserved" });
    }
    expect(table.reserve(promise("more", "10.0.0.1"), 0)).toEqual({ kind: "address-full" });
    expect(table.reserve(promise("other", "10.0.0.2"), 0)).toEqual({ kind: "reserved" });
    expect(table.reserve(promise("known", null), 0)).toEqual({ kind: "reserved" });
    const used = table.find("t3");
    if (used !== null) table.remove(used);
    expect(table.reserve(promise("more", "10.0.0.1"), 0)).toEqual({ kind: "reserved" });
  });

  test("holds so many in all", () => {
    const table = new NegotiationTable(connectionLimits({ negotiations: 2 }));
    table.reserve(promise("a", null), 0);
    table.reserve(promise("b", null), 0);
    expect(table.reserve(promise("c", null), 0)).toEqual({ kind: "full" });
  });

  test("forgets each after 15 s and its address with it", () => {
    const table = new NegotiationTable(connectionLimits({ negotiationsPerAddress: 1 }));
    table.reserve(promise("a", "10.0.0.1"), 0);
    table.reserve(promise("b", null), 10_000);
    table.expire(14_999);
    expect(table.size).toBe(2);
    table.expire(15_000);
    expect([table.find("a"), table.size]).toEqual([null, 1]);
    expect(table.reserve(promise("c", "10.0.0.1"), 15_000)).toEqual({ kind: "reserved" });
  });
});
