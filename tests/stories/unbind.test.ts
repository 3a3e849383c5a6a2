import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";
import { upgradeStatus } from "../lib/upgrade.ts";

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const unbind = async (account: string, id: number) => {
  const { token } = await fleet.account(account);
  return fleet.rest(`DELETE /api/devices/${id}`, { token });
};

describe("unbinding a device", () => {
  test("closes its connections within a second, for good, and tells the dashboards", async () => {
    const dashboard = await fleet.dashboard("north");
    const bound = await fleet.pair("north");
    const connections = [
      await fleet.connectDevice(bound, { reconnect: [0, 0] }),
      await fleet.connectDevice(bound, { reconnect: [0, 0] }),
    ];
    const started = performance.now();
    const answer = await unbind("north", bound.deviceId);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    await Promise.all(connections.map(({ closed }) => closed));
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(await dashboard.next("DeviceRemoved")).toEqual({ deviceId: bound.deviceId });
    for (const each of connections) expect(each.wire.join()).toMatch(/\{"type":7(,"allowReconnect":false)?\}/);
  });

  test("kills its token on REST and on the hub", async () => {
    const { deviceId, accessToken } = await fleet.pair("north");
    const given = { authorization: `Bearer ${accessToken}` };
    expect((await fleet.rest("GET /api/device/me", { token: accessToken })).status).toBe(200);
    await unbind("north", deviceId);
    expect((await fleet.rest("GET /api/device/me", { token: accessToken })).status).toBe(401);
    expect((await fleet.rest("POST /hubs/fleet/negotiate", { token: accessToken })).status).toBe(401);
    expect(await upgradeStatus(fleet.port, "/hubs/fleet", given)).toBe(401);
    await fleet.restart();
    expect((await fleet.rest("GET /api/device/me", { token: accessToken })).status).toBe(401);
  });

  test("lets no report through afterwards, and DeviceRemoved is the last that is heard of it", async () => {
    const dashboard = await fleet.dashboard("last-word");
    const van = await fleet.device({ account: "last-word" });
    const reports = Array.from({ length: 50 }, (_, index) =>
      van.reportLocation({ lat: index, lon: 1 }).catch(() => undefined),
    );
    const removing = unbind("last-word", van.id);
    await Promise.all([removing, ...reports]);
    await dashboard.next("DeviceRemoved");
    await aWhile(300);
    expect(dashboard.received.at(-1)?.event).toBe("DeviceRemoved");
    expect(dashboard.count("DeviceRemoved")).toBe(1);
  });

  test("takes it out of every list, and a second time it is not there", async () => {
    const { token } = await fleet.account("lists");
    const { deviceId } = await fleet.pair("lists");
    await unbind("lists", deviceId);
    expect((await fleet.rest("GET /api/devices", { token })).body).toMatchObject({ items: [] });
    expect((await fleet.rest("GET /api/fleet/live", { token })).body).toMatchObject({ devices: [] });
    expect((await fleet.rest(`GET /api/devices/${deviceId}`, { token })).status).toBe(404);
    expect((await unbind("lists", deviceId)).status).toBe(404);
  });

  test("frees its identifier, and its phone can be paired anew as another device", async () => {
    const phone = await fleet.phone();
    const pairing = await phone.connect();
    const first = await fleet.enter("anew", phone.code, { identifier: "A-1" });
    const { bound } = await pairing.next("DeviceBound");
    await fleet.connectDevice(bound as { deviceId: number; accessToken: string });
    await unbind("anew", first.body.id);

    const again = await phone.init();
    const waiting = await phone.connect();
    expect(waiting.registered).toBe(true);
    const second = await fleet.enter("anew", again.code, { identifier: "A-1" });
    expect(second.status).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
    expect(await waiting.next("DeviceBound")).toMatchObject({ bound: { deviceId: second.body.id } });
  });

  test("leaves the account's other devices alone", async () => {
    const [gone, stays] = [await fleet.device({ account: "others" }), await fleet.device({ account: "others" })];
    await unbind("others", gone.id);
    await gone.closed;
    expect(await stays.next("DeviceRemoved")).toEqual({ deviceId: gone.id });
    expect(await stays.reportLocation({ lat: 1, lon: 1 })).toBeNull();
  });

  test("leaves a row in the audit log, as binding and renaming do", async () => {
    const { token, id: accountId } = await fleet.account("audit");
    const { deviceId } = await fleet.pair("audit");
    await fleet.rest(`PATCH /api/devices/${deviceId}`, { token, body: { name: "Renamed" } });
    await unbind("audit", deviceId);
    const rows = await fleet.server.app.database.queries
      .selectFrom("audit")
      .select(["action", "entity_id"])
      .where("account_id", "=", accountId)
      .where("entity", "=", "device")
      .orderBy("id")
      .execute();
    expect(rows).toEqual(
      ["device.bound", "device.changed", "device.unbound"].map((action) => ({ action, entity_id: String(deviceId) })),
    );
  });
});
