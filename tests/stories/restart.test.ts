import type { AuthResponse, Device } from "@dsp-fleet/contract";
import { expect, test } from "vitest";
import { startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";
import type { FleetDevice } from "../lib/people.ts";

test("a restart keeps accounts, sessions, devices, names, positions and device tokens", async () => {
  await using fleet = await startFleet();
  const north = await fleet.account("north");
  const bound = await fleet.pair("north", { name: "Van 1", identifier: "N-1" });
  const van = await fleet.connectDevice(bound);
  await van.reportLocation({ lat: 52.5, lon: 13.4, batteryPercent: 77, appVersion: "1.2", appLanguage: "de" });
  await fleet.rest(`PATCH /api/devices/${bound.deviceId}`, { token: north.token, body: { name: "Renamed" } });
  await van.stop();
  const before = await fleet.rest(`GET /api/devices/${bound.deviceId}`, { token: north.token });

  await fleet.restart();

  const after = await fleet.rest(`GET /api/devices/${bound.deviceId}`, { token: north.token });
  expect(after.body).toEqual({ ...before.body, isConnected: false });
  expect(after.body).toMatchObject({ name: "Renamed", identifier: "N-1", lastLat: 52.5, batteryLevelPercent: 77 });
  const login = { email: north.email, password: north.password };
  expect((await fleet.rest("POST /api/auth/login", { body: login })).status).toBe(200);
  const refreshed = await fleet.rest<AuthResponse>("POST /api/auth/refresh", {
    body: { refreshToken: north.auth.refreshToken },
  });
  expect(refreshed.status).toBe(200);
  expect((await fleet.rest("GET /api/auth/me", { token: refreshed.body.accessToken })).status).toBe(200);
  const again = await fleet.connectDevice(bound);
  expect(await again.reportLocation({ lat: 1, lon: 1 })).toBeNull();
});

test("a stock client that reconnects by itself is back after a restart, and events flow again", async () => {
  await using fleet = await startFleet();
  const reconnect = [0, 50, 100, 100, 200, 200, 500, 500, 1_000, 1_000];
  const dashboard = await fleet.dashboard("north", { reconnect });
  const van = await fleet.device({ account: "north" }, { reconnect });
  await van.reportLocation({ lat: 1, lon: 1 });
  await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 1);
  const ids = [dashboard.connection.connectionId, van.connection.connectionId];

  await fleet.restart();
  await Promise.all([dashboard.reconnected, van.reconnected]);
  expect(dashboard.connection.connectionId).not.toBe(ids[0]);

  await van.reportLocation({ lat: 2, lon: 2 });
  expect(await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 2)).toMatchObject({
    deviceId: van.id,
    isConnected: true,
  });
});

test("a server that stops tells its clients to come back", async () => {
  await using fleet = await startFleet();
  const clients = [
    await fleet.dashboard("north"),
    await fleet.device({ account: "north" }),
    await fleet.hub("/hubs/pairing"),
  ];
  await fleet.stop();
  await Promise.all(clients.map((client) => client.closed));
  for (const client of clients) expect(client.wire.join()).toContain('{"type":7,"allowReconnect":true}');
  await fleet.start();
});

test("a dashboard that came back through two restarts amid reports shows what the server knows", async () => {
  await using fleet = await startFleet();
  const reconnect = { nextRetryDelayInMilliseconds: () => 50 };
  const dashboard = await fleet.dashboard("north", { reconnect });
  const vans: FleetDevice[] = [];
  for (let count = 0; count < 4; count += 1) vans.push(await fleet.device({ account: "north" }, { reconnect }));

  let driving = true;
  const drives = vans.map(async (van, index) => {
    for (let step = 1; driving; step += 1) {
      await van.reportLocation({ lat: index, lon: step / 1_000 }).catch(() => undefined);
      await aWhile(5);
    }
  });
  for (let restarts = 0; restarts < 2; restarts += 1) {
    await aWhile(200);
    await fleet.restart();
  }
  await expect
    .poll(() => [dashboard, ...vans].map(({ connection }) => connection.state))
    .toEqual(Array(5).fill("Connected"));
  await aWhile(200);
  driving = false;
  await Promise.all(drives);
  await aWhile();

  const { token } = await fleet.account("north");
  const { body } = await fleet.rest<{ devices: Device[] }>("GET /api/fleet/live", { token });
  for (const { id, isConnected, lastLat, lastLon, lastLocationAt } of body.devices) {
    expect(dashboard.received.findLast(({ named }) => named["deviceId"] === id)?.named).toMatchObject({
      isConnected,
      lastLat,
      lastLon,
      lastLocationAt,
    });
    const times = dashboard.received
      .filter(({ named }) => named["deviceId"] === id && named["lastLocationAt"] !== null)
      .map(({ named }) => Date.parse(String(named["lastLocationAt"])));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
});
