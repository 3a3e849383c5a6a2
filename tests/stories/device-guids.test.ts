import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { newGuid } from "../lib/people.ts";

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe("a GUID that is none", () => {
  const junk = [
    null,
    true,
    0,
    1e31,
    [],
    {},
    ["a".repeat(32)],
    "",
    "-",
    "g".repeat(32),
    "a".repeat(31),
    "a".repeat(33),
    ` ${"a".repeat(32)}`,
    `${"a".repeat(32)}\n`,
    `{${newGuid()}}`,
    `${"a-".repeat(31)}a`,
    "ａ".repeat(32),
    "a".repeat(5_000),
  ];

  test.each(junk.map((guid) => [JSON.stringify(guid).slice(0, 40), guid]))(
    "is refused at init: %s",
    async (_, deviceGuid) => {
      const answer = await fleet.rest("POST /api/device/init", { body: { deviceGuid } });
      expect([answer.status, answer.body]).toMatchObject([400, { code: "bad-guid" }]);
    },
  );

  test("is refused at init when it is missing", async () => {
    expect((await fleet.rest("POST /api/device/init", { body: {} })).status).toBe(400);
  });

  test("registers as false and never as an error", async () => {
    const pairing = await fleet.hub("/hubs/pairing");
    for (const each of junk) expect(await pairing.invoke("RegisterConnectionForPairing", each)).toBe(false);
    expect(await pairing.invoke("RegisterConnectionForPairing")).toBe(false);
    expect(await pairing.invoke("registerconnectionforpairing", newGuid())).toBe(false);
  });
});
