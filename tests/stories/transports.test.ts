import { type DeviceBound, hubLimits } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";

const reconnect = [0, 50, 100, 100, 200, 200, 500, 500, 1_000, 1_000];
const page = "https://app.example";

describe.each(["WebSockets", "ServerSentEvents", "LongPolling"] as const)("over %s alone", (transport) => {
  const clock = heldClock();
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({ clock, settings: { allowedOrigins: [page] } });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  /** Of FleetHub, as the metrics have it. */
  const activeConnections = async () => {
    const { text } = await fleet.rest("GET /metrics");
    const line = `signalr_server_active_connections{hub="/hubs/fleet",transport="${transport}"} `;
    return Number(text.split(line)[1]?.split("\n")[0]);
  };

  test("a phone pairs, reports and is seen, comes back after a restart, and is cut off when it is unbound", async () => {
    const { token } = await fleet.account("north");
    const dashboard = await fleet.dashboard("north", { transport, reconnect });
    const phone = await fleet.phone();
    const pairing = await phone.connect({ transport });
    expect(pairing.registered).toBe(true);
    const entered = await fleet.enter("north", phone.code);
    expect(await dashboard.next("DeviceAdded")).toMatchObject({ device: { id: entered.body.id } });
    const { bound } = await pairing.next("DeviceBound");
    await pairing.stop();

    const van = await fleet.connectDevice(bound as DeviceBound, { transport, reconnect });
    expect(await van.reportLocation({ lat: 1, lon: 2 })).toBeNull();
    const seen = { deviceId: van.id, isConnected: true };
    expect(await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 1)).toMatchObject(seen);

    await fleet.restart();
    await Promise.all([dashboard.reconnected, van.reconnected]);
    await van.reportLocation({ lat: 3, lon: 4 });
    expect(await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat === 3)).toMatchObject(seen);

    const startedAt = performance.now();
    expect((await fleet.rest(`DELETE /api/devices/${van.id}`, { token })).status).toBe(204);
    await van.closed;
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(await dashboard.next("DeviceRemoved")).toEqual({ deviceId: van.id });
    await dashboard.stop();
    expect(van.wire.join()).toContain('{"type":7}');
  });

  test("a phone that stops is gone when it has not come back for a while", async () => {
    const dashboard = await fleet.dashboard("stops", { transport });
    const van = await fleet.device({ account: "stops" }, { transport });
    await van.reportLocation({ lat: 1, lon: 2 });
    await dashboard.next("DeviceUpdated", ({ isConnected }) => isConnected === true);
    await van.stop();
    await expect.poll(() => activeConnections()).toBe(1);
    clock.leap(hubLimits.returnGraceMs + 1_000);
    await dashboard.next("DeviceUpdated", ({ isConnected }) => isConnected === false);
  });

  test("a page of an allowed origin may use the hubs with any of their requests, another may not", async () => {
    for (const path of ["/hubs/fleet/negotiate", "/hubs/fleet", "/hubs/pairing"]) {
      const preflight = (origin: string) =>
        fetch(fleet.address + path, {
          method: "OPTIONS",
          headers: { origin, "access-control-request-method": "DELETE" },
        });
      const allowed = await preflight(page);
      expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([204, page]);
      expect(allowed.headers.get("access-control-allow-methods")).toBe("GET, POST, DELETE");
      expect((await preflight("https://evil.example")).status).toBe(403);
    }
  });
});
