import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile, connectHub } from "../lib/hub-client.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe("a device that reports where it is", () => {
  test("is shown to every dashboard and every device of its account, once each, arguments in order", async () => {
    const van = await fleet.device({ account: "north" });
    const peer = await fleet.device({ account: "north" });
    const dashboards = [await fleet.dashboard("north"), await fleet.dashboard("north")];
    await van.reportLocation({ lat: 52.52, lon: 13.405, batteryPercent: 80.5, appVersion: "1.2", appLanguage: "de" });

    for (const client of [...dashboards, van, peer]) {
      await client.next("DeviceUpdated", ({ deviceId, lastLat }) => deviceId === van.id && lastLat === 52.52);
      await aWhile(50);
      const shown = client.received.filter(
        ({ event, named }) => event === "DeviceUpdated" && named["lastLat"] === 52.52,
      );
      expect(shown.map(({ args }) => args)).toEqual([
        [van.id, true, 52.52, 13.405, isoTime, 80.5, "1.2", "de", isoTime, "idle"],
      ]);
    }
  });

  test("is shown to a dashboard from the moment it is connected, however slow the database is", async () => {
    const van = await fleet.device({ account: "slow" });
    const { accounts } = fleet.server.app;
    const read = accounts.account;
    const slowly = vi.spyOn(accounts, "account").mockImplementation(async (id) => aWhile(500).then(() => read(id)));
    const dashboard = await fleet.dashboard("slow");
    await van.reportLocation({ lat: 1, lon: 1 });
    await aWhile();
    slowly.mockRestore();
    expect(dashboard.received.at(-1)?.named).toMatchObject({ deviceId: van.id, lastLat: 1 });
  });

  test("is not shown to its peers where the account says so, but to the dashboards", async () => {
    const { id } = await fleet.account("no-peers");
    await fleet.server.app.database.queries
      .updateTable("accounts")
      .set({ devices_see_peers: 0 })
      .where("id", "=", id)
      .execute();
    const dashboard = await fleet.dashboard("no-peers");
    const [van, peer] = [await fleet.device({ account: "no-peers" }), await fleet.device({ account: "no-peers" })];
    await van.reportLocation({ lat: 1, lon: 1 });
    await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 1);
    await aWhile();
    // Both were greeted with the account's zones.
    const heard = [...van.received, ...peer.received].filter(({ event }) => event !== "ZoneSync");
    expect(heard).toEqual([]);
  });

  test("reaches and is reached without negotiation, by a token in the query too", async () => {
    const { token } = await fleet.account("direct");
    const dashboard = await fleet.dashboard("direct", { skipNegotiation: true });
    const byQuery = await connectHub(`${fleet.address}/hubs/fleet?access_token=${token}`, { skipNegotiation: true });
    const van = await fleet.device({ account: "direct" }, { skipNegotiation: true });
    await van.reportLocation({ lat: 1, lon: 1 });
    for (const client of [dashboard, byQuery]) {
      expect(await client.next("DeviceUpdated", ({ lastLat }) => lastLat === 1)).toMatchObject({ deviceId: van.id });
    }
    await byQuery.stop();
  });

  test("keeps what was known where it says null, and may leave trailing arguments out", async () => {
    const van = await fleet.device({ account: "null" });
    const dashboard = await fleet.dashboard("null");
    await van.reportLocation({ lat: 1, lon: 2, batteryPercent: 50, appVersion: "1.0", appLanguage: "en" });
    await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 1);

    await van.invoke("ReportLocation", 3, 4);
    expect(await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 3)).toMatchObject({
      lastLon: 4,
      batteryLevelPercent: 50,
      appVersion: "1.0",
      appLanguage: "en",
    });
    await van.invoke("ReportLocation", 5, 6, null, "1.1");
    expect(await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 5)).toMatchObject({
      batteryLevelPercent: 50,
      appVersion: "1.1",
      appLanguage: "en",
    });
  });

  test("may say battery and app before its first fix", async () => {
    const dashboard = await fleet.dashboard("info");
    const van = await fleet.device({ account: "info" });
    await van.invoke("ReportDeviceInfo", 99, "2.0", "fr");
    await dashboard.next("DeviceUpdated", ({ appVersion }) => appVersion === "2.0");
    expect(dashboard.received.at(-1)?.args).toEqual([van.id, true, null, null, null, 99, "2.0", "fr", isoTime, "idle"]);
    await van.invoke("ReportDeviceInfo");
    await van.invoke("ReportDeviceInfo", null, null, "it");
    expect(await dashboard.next("DeviceUpdated", ({ appLanguage }) => appLanguage === "it")).toMatchObject({
      batteryLevelPercent: 99,
      appVersion: "2.0",
      lastLat: null,
    });
  });

  test.each(["ReportLocation", "reportLocation", "reportlocation", "REPORTLOCATION"])(
    "is heard as %s",
    async (method) => {
      const van = await fleet.device({ account: "case" });
      expect(await van.invoke(method, 10, 20)).toBeNull();
      const { token } = await fleet.account("case");
      expect((await fleet.rest(`GET /api/devices/${van.id}`, { token })).body).toMatchObject({
        lastLat: 10,
        lastLon: 20,
      });
    },
  );

  test("may be at the very ends of the world", async () => {
    const van = await fleet.device({ account: "ends" });
    const dashboard = await fleet.dashboard("ends");
    for (const [lat, lon, battery] of [
      [90, 180, 100],
      [-90, -180, 0],
      [0, 0, 0.5],
    ] as const) {
      await van.reportLocation({ lat, lon, batteryPercent: battery });
      const update = await dashboard.next("DeviceUpdated", (named) => named["lastLat"] === lat);
      expect(update).toMatchObject({ lastLon: lon, batteryLevelPercent: battery });
    }
  });

  test("is held to a rate, told so, and heard again later", async () => {
    const van = await fleet.device({ account: "rate" });
    const results = await Promise.allSettled(Array.from({ length: 700 }, () => van.reportLocation({ lat: 1, lon: 1 })));
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as Error).message] : [],
    );
    expect(refused.length).toBeGreaterThan(20);
    expect(refused.length).toBeLessThanOrEqual(100);
    expect(new Set(refused.map((text) => text.replace(/\d+ s$/, "N s")))).toEqual(
      new Set([
        "An unexpected error occurred invoking 'ReportLocation' on the server. HubException: rate-limited: too many calls of ReportLocation; try again in N s",
      ]),
    );
    clock.leap(10_000);
    await van.reportLocation({ lat: 7, lon: 7 });
    const { token } = await fleet.account("rate");
    expect((await fleet.rest(`GET /api/devices/${van.id}`, { token })).body).toMatchObject({ lastLat: 7 });
  });
});
