import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";
import { withoutTraceId } from "../lib/rest.ts";

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe("two accounts", () => {
  test("never receive a byte of each other, whatever happens in one", async () => {
    const { token } = await fleet.account("north");
    const strangers = [await fleet.dashboard("south"), await fleet.device({ account: "south" })];
    const own = await fleet.dashboard("north");

    const van = await fleet.device({ account: "north", name: "marker-name", identifier: "marker-plate" });
    await van.reportLocation({ lat: 12.345678, lon: 98.765432, appVersion: "marker-app" });
    await van.invoke("ReportDeviceInfo", 12, null, "marker-lang");
    await fleet.rest(`PATCH /api/devices/${van.id}`, { token, body: { name: "marker-renamed" } });
    await fleet.rest(`DELETE /api/devices/${van.id}`, { token });
    await own.next("DeviceRemoved");
    await aWhile();

    const seen = own.wire.join();
    for (const marker of ["marker-name", "marker-plate", "marker-app", "marker-lang", "marker-renamed", "12.345678"]) {
      expect(seen).toContain(marker);
    }
    for (const stranger of strangers) {
      expect(stranger.wire.join()).not.toMatch(/marker|12\.345678|98\.765432/);
      expect(stranger.received.filter(({ named }) => named["deviceId"] === van.id)).toEqual([]);
    }
  });

  test("do not see each other's devices in any list", async () => {
    const van = await fleet.pair("north", { name: "marker-listed" });
    const { token } = await fleet.account("south");
    for (const list of ["GET /api/devices", "GET /api/fleet/live", "GET /api/account", "GET /api/auth/me"]) {
      const answer = await fleet.rest(list, { token });
      expect(answer.status).toBe(200);
      expect(answer.text).not.toMatch(/marker|north/);
      expect(answer.text).not.toContain(`"id":${van.deviceId},"name"`);
    }
  });

  test("get for each other's ids the answer of an id that does not exist, byte for byte", async () => {
    const van = await fleet.pair("north", { name: "Untouched" });
    const { token } = await fleet.account("south");
    const calls = [
      ["GET", undefined, {}],
      ["PATCH", { name: "Stolen" }, {}],
      ["PATCH", { name: "Stolen" }, { "if-match": '"1"' }],
      ["PATCH", { name: "Stolen" }, { "if-match": '"99"' }],
      ["DELETE", undefined, {}],
    ] as const;
    for (const [method, body, headers] of calls) {
      const given = { token, headers, ...(body === undefined ? {} : { body }) };
      const foreign = await fleet.rest(`${method} /api/devices/${van.deviceId}`, given);
      const absent = await fleet.rest(`${method} /api/devices/4294967295`, given);
      expect([foreign.status, foreign.body]).toMatchObject([404, { code: "not-found" }]);
      expect(withoutTraceId(foreign)).toBe(withoutTraceId(absent));
    }
    const owner = await fleet.account("north");
    const kept = await fleet.rest(`GET /api/devices/${van.deviceId}`, { token: owner.token });
    expect(kept.body).toMatchObject({ name: "Untouched", version: 1 });
  });

  test.each(["0", "-1", "4294967296", "1.5", "01", "1e3", "abc", "1%00", " 1", "9".repeat(120)])(
    "get 404 for the id %j too",
    async (id) => {
      const { token } = await fleet.account("south");
      const answer = await fleet.rest(`GET /api/devices/${id}`, { token });
      expect([answer.status, answer.body]).toMatchObject([404, { code: "not-found" }]);
    },
  );

  test("may have a van of the same name and identifier", async () => {
    const [a, b] = [
      await fleet.pair("same-a", { name: "Van", identifier: "S-1" }),
      await fleet.pair("same-b", { name: "Van", identifier: "S-1" }),
    ];
    expect(a.deviceId).not.toBe(b.deviceId);
  });
});
