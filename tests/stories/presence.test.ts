import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { halfOpenProxy } from "../lib/half-open-proxy.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile, connectHub, type HubClient } from "../lib/hub-client.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const isConnected = async (account: string, deviceId: number) => {
  const { token } = await fleet.account(account);
  return (await fleet.rest(`GET /api/devices/${deviceId}`, { token })).body["isConnected"];
};

/** Whether each update about the device said that it is connected. */
const heard = (dashboard: HubClient, deviceId: number) =>
  dashboard.received
    .filter(({ event, named }) => event === "DeviceUpdated" && named["deviceId"] === deviceId)
    .map(({ named }) => named["isConnected"]);

describe("a phone", () => {
  test("is shown as connected when it connects, and as gone ten seconds after it left", async () => {
    const dashboard = await fleet.dashboard("north");
    const van = await fleet.device({ account: "north" });
    expect(await dashboard.next("DeviceUpdated")).toMatchObject({ deviceId: van.id, isConnected: true });
    await van.stop();
    await aWhile();
    clock.leap(9_000);
    await aWhile();
    expect(heard(dashboard, van.id)).toEqual([true]);
    expect(await isConnected("north", van.id)).toBe(true);
    clock.leap(1_500);
    expect(await dashboard.next("DeviceUpdated")).toMatchObject({ deviceId: van.id, isConnected: false });
    expect(await isConnected("north", van.id)).toBe(false);
    await aWhile();
    expect(heard(dashboard, van.id)).toEqual([true, false]);
  });

  test("that returns within ten seconds was never gone", async () => {
    const dashboard = await fleet.dashboard("returns");
    const bound = await fleet.pair("returns");
    const van = await fleet.connectDevice(bound);
    await van.stop();
    await aWhile();
    clock.leap(8_000);
    await fleet.connectDevice(bound);
    clock.leap(30_000);
    await aWhile();
    expect(heard(dashboard, bound.deviceId)).not.toContain(false);
    expect(await isConnected("returns", bound.deviceId)).toBe(true);
  });

  test("with two connections is gone when the second is", async () => {
    const dashboard = await fleet.dashboard("two");
    const bound = await fleet.pair("two");
    const [first, second] = [await fleet.connectDevice(bound), await fleet.connectDevice(bound)];
    await first.stop();
    await aWhile();
    clock.leap(11_000);
    await aWhile();
    expect(heard(dashboard, bound.deviceId)).not.toContain(false);
    await second.reportLocation({ lat: 1, lon: 1 });
    await second.stop();
    await aWhile();
    clock.leap(11_000);
    expect(await dashboard.next("DeviceUpdated", (named) => named["isConnected"] === false)).toMatchObject({
      deviceId: bound.deviceId,
      lastLat: 1,
    });
  });

  test("that falls silent is shown as gone as soon as its silence is noticed", async () => {
    const bound = await fleet.pair("silent");
    const dashboard = await fleet.dashboard("silent", { pingEveryMs: 20 });
    await using proxy = await halfOpenProxy(fleet.port);
    const url = `http://127.0.0.1:${proxy.port}/hubs/fleet`;
    const van = await connectHub(url, { token: bound.accessToken, pingEveryMs: 20 });
    await dashboard.next("DeviceUpdated", (named) => named["isConnected"] === true);
    await aWhile();
    proxy.fallSilent();
    // Slowly enough that whoever still speaks is heard in between.
    const pass = async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 3) {
        clock.pass(3);
        await aWhile(50);
      }
    };
    await pass(27);
    expect(heard(dashboard, bound.deviceId)).toEqual([true]);
    await pass(6);
    await dashboard.next("DeviceUpdated", (named) => named["isConnected"] === false);
    await van.stop();
  });

  test("is shown as gone after a restart until it returns", async () => {
    await using own = await startFleet();
    const bound = await own.pair("north");
    const van = await own.connectDevice(bound);
    await van.reportLocation({ lat: 4, lon: 5 });
    const { token } = await own.account("north");
    await van.stop();
    await own.restart();
    expect((await own.rest(`GET /api/devices/${bound.deviceId}`, { token })).body).toMatchObject({
      isConnected: false,
      lastLat: 4,
    });
    const dashboard = await own.dashboard("north");
    await own.connectDevice(bound);
    expect(await dashboard.next("DeviceUpdated")).toMatchObject({ isConnected: true, lastLat: 4 });
  });
});
