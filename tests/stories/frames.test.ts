import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { connectHub } from "../lib/hub-client.ts";

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const closeWithError = '{"type":7,"error":"Connection closed with an error.","allowReconnect":true}';

describe("a hub message", () => {
  test("of almost 32 KiB is taken by PairingHub; a larger one closes the connection, and it may come back", async () => {
    const client = await fleet.hub("/hubs/pairing", { reconnect: [0] });
    expect(await client.invoke("RegisterConnectionForPairing", "x".repeat(32_000))).toBe(false);
    client.invoke("RegisterConnectionForPairing", "x".repeat(33_000)).catch(() => undefined);
    await client.reconnecting;
    expect(client.wire.join()).toContain(closeWithError);
    await client.reconnected;
    expect(await client.invoke("RegisterConnectionForPairing", "x")).toBe(false);
  });

  test.each([40_000, 70_000, 100_000, 130_000])("of %i bytes is taken by FleetHub", async (size) => {
    const van = await fleet.device({ account: "north" });
    expect(await van.refusal("ReportLocation", 1, 1, 1, "v".repeat(size))).toContain("invalid: appVersion");
  });

  test("of more than 128 KiB closes FleetHub's connection, and it may come back", async () => {
    const dashboard = await fleet.dashboard("north", { reconnect: [0] });
    dashboard.invoke("RequestTokenRefresh", "x".repeat(132_000)).catch(() => undefined);
    await dashboard.reconnecting;
    expect(dashboard.wire.join()).toContain(closeWithError);
    await dashboard.reconnected;
  });
});

describe("PairingHub", () => {
  test("counts the phones behind a trusted proxy by their own addresses", async () => {
    await using behindProxy = await startFleet({ settings: { trustProxy: true } });
    const negotiate = (phone: number) =>
      behindProxy.rest("POST /hubs/pairing/negotiate?negotiateVersion=1", {
        headers: { "x-forwarded-for": `198.51.100.${phone}` },
      });
    const phones = await Promise.all(Array.from({ length: 40 }, (_, phone) => negotiate(phone)));
    expect(phones.map(({ status }) => status)).toEqual(phones.map(() => 200));
    const oneAddress = await Promise.all(Array.from({ length: 40 }, () => negotiate(200)));
    expect(oneAddress.filter(({ status }) => status === 429)).toHaveLength(20);
    expect(Number(oneAddress.find(({ status }) => status === 429)?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("tells a phone the address by which it reached the server", async () => {
    await using proxied = await startFleet({ settings: { trustProxy: true } });
    const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "fleet.example.com" };
    const { body: pending } = await proxied.rest<{ code: string; pairingHub: string }>("POST /api/device/init", {
      headers,
      body: { deviceGuid: "00112233445566778899aabbccddeeff" },
    });
    expect(pending.pairingHub).toBe("https://fleet.example.com/hubs/pairing");
    const phone = await connectHub(`${proxied.address}/hubs/pairing`, { headers });
    await phone.invoke("RegisterConnectionForPairing", "00112233445566778899aabbccddeeff");
    await proxied.enter("north", pending.code);
    const { bound } = await phone.next("DeviceBound");
    expect(bound).toMatchObject({ signalREndpoint: "https://fleet.example.com/hubs/fleet" });
    await phone.stop();

    await using named = await startFleet({ settings: { publicUrl: "https://vans.example.org" } });
    expect(await named.pair("north")).toMatchObject({ signalREndpoint: "https://vans.example.org/hubs/fleet" });
  });
});
