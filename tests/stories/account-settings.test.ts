import type { Account } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";
import { accountDetails } from "../lib/people.ts";

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

async function change(name: string, body: object) {
  const { token } = await fleet.account(name);
  return fleet.rest<Account & { code: string; errors: Record<string, string[]> }>("PATCH /api/account", {
    token,
    body,
  });
}
async function settings(name: string): Promise<Account> {
  const { token } = await fleet.account(name);
  return (await fleet.rest<Account>("GET /api/account", { token })).body;
}

describe("the account's settings", () => {
  test("change one by one, and what is left out stays", async () => {
    const before = await settings("north");
    const changes = [
      { name: "North Depot 2" },
      { country: "GB" },
      { timezone: "Europe/London" },
      { speedUnit: "mph" },
      { periodicAirplaneModeOff: true },
      { devicesSeePeers: false },
      { retentionDays: 3_650 },
    ];
    let expected: object = before;
    for (const body of changes) {
      expected = { ...expected, ...body };
      expect((await change("north", body)).body).toEqual(expected);
      expect(await settings("north")).toEqual(expected);
    }
    await fleet.restart();
    expect(await settings("north")).toEqual(expected);
  });

  test.each([
    {},
    { name: " " },
    { country: "Germany" },
    { timezone: "Mars/Olympus" },
    { timezone: "" },
    { speedUnit: "knots" },
    { retentionDays: 0 },
    { retentionDays: 3_651 },
    { retentionDays: 30.5 },
    { devicesSeePeers: "yes" },
    { name: null },
    { colour: "red" },
  ])("refuse %j and keep what was", async (body) => {
    const before = await settings("strict");
    const answer = await change("strict", body);
    expect([answer.status, answer.body.code]).toEqual([400, "invalid-request"]);
    expect(await settings("strict")).toEqual(before);
  });

  test("take a time zone by Windows' name and keep the IANA one, when registering too", async () => {
    expect((await change("windows", { timezone: "Romance Standard Time" })).body.timezone).toBe("Europe/Paris");
    const body = { ...accountDetails("windows-born"), timezone: "Pacific Standard Time", country: "US" };
    const { body: auth } = await fleet.rest<{ account: Account }>("POST /api/auth/register", { body });
    expect(auth.account).toMatchObject({ timezone: "America/Los_Angeles", speedUnit: "mph" });
  });

  test("reach a phone with its next look at its own settings", async () => {
    const { accessToken } = await fleet.pair("phones");
    await change("phones", { speedUnit: "mph", periodicAirplaneModeOff: true, timezone: "Europe/Lisbon" });
    const { body } = await fleet.rest("GET /api/device/me", { token: accessToken });
    expect(body).toMatchObject({ speedUnit: "mph", periodicAirplaneModeOff: true, accountTimezone: "Europe/Lisbon" });
  });

  test("leave a row in the audit log that says what was and what is", async () => {
    const { id } = await fleet.account("logged");
    await change("logged", { retentionDays: 30 });
    const row = await fleet.server.app.database.queries
      .selectFrom("audit")
      .select("detail")
      .where("account_id", "=", id)
      .where("action", "=", "account.changed")
      .executeTakeFirstOrThrow();
    expect(JSON.parse(row.detail)).toMatchObject({ before: { retentionDays: 60 }, after: { retentionDays: 30 } });
  });
});

describe("devicesSeePeers", () => {
  test("holds at once for devices that are connected, and for those that come later", async () => {
    const [a, b] = [await fleet.device({ account: "peers" }), await fleet.device({ account: "peers" })];
    const dashboard = await fleet.dashboard("peers");
    const hears = async (lat: number) => {
      await a.reportLocation({ lat, lon: 1 });
      await dashboard.next("DeviceUpdated", (update) => update["lastLat"] === lat);
      await aWhile();
      return b.received.some(({ event, named }) => event === "DeviceUpdated" && named["lastLat"] === lat);
    };
    expect(await hears(1)).toBe(true);
    await change("peers", { devicesSeePeers: false });
    expect(await hears(2)).toBe(false);
    const late = await fleet.device({ account: "peers" });
    await a.reportLocation({ lat: 3, lon: 1 });
    await dashboard.next("DeviceUpdated", (update) => update["lastLat"] === 3);
    await aWhile();
    expect(late.count("DeviceUpdated")).toBe(0);
    await change("peers", { devicesSeePeers: true });
    expect(await hears(4)).toBe(true);
    await late.next("DeviceUpdated", (update) => update["lastLat"] === 4);
  });

  test("of one account is not another's", async () => {
    await change("shy", { devicesSeePeers: false });
    const [a, b] = [await fleet.device({ account: "open" }), await fleet.device({ account: "open" })];
    await a.reportLocation({ lat: 5, lon: 1 });
    expect(await b.next("DeviceUpdated", (update) => update["lastLat"] === 5)).toMatchObject({ deviceId: a.id });
  });
});
