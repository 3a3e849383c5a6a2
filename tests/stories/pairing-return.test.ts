import { expect, test, vi } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile } from "../lib/hub-client.ts";
import type { Phone } from "../lib/people.ts";

/** A phone that was away at the moment a dispatcher entered its code. */
async function boundWhileAway(fleet: Fleet): Promise<{ phone: Phone; deviceId: number }> {
  const phone = await fleet.phone();
  const pairing = await phone.connect();
  await pairing.stop();
  await aWhile(30);
  const { body } = await fleet.enter("north", phone.code);
  return { phone, deviceId: body.id };
}

test("a phone that was away when it was bound gets DeviceBound on its return, each time until it uses its token", async () => {
  await using fleet = await startFleet();
  const { phone, deviceId } = await boundWhileAway(fleet);

  const firstReturn = await phone.connect();
  expect(firstReturn.registered).toBe(true);
  const first = (await firstReturn.next("DeviceBound"))["bound"] as { deviceId: number };
  expect(first.deviceId).toBe(deviceId);
  await firstReturn.stop();

  const secondReturn = await phone.connect();
  expect(secondReturn.registered).toBe(true);
  const { accessToken: token } = (await secondReturn.next("DeviceBound"))["bound"] as { accessToken: string };

  expect((await fleet.rest("GET /api/device/me", { token })).status).toBe(200);
  const after = await phone.connect();
  expect(after.registered).toBe(false);
  await aWhile();
  expect(after.received).toEqual([]);
});

test("a phone that has opened FleetHub with its token gets no second DeviceBound", async () => {
  await using fleet = await startFleet();
  const phone = await fleet.phone();
  const pairing = await phone.connect();
  await fleet.enter("north", phone.code);
  const { bound } = await pairing.next("DeviceBound");
  await fleet.connectDevice(bound as { deviceId: number; accessToken: string });
  const again = await phone.connect();
  expect(again.registered).toBe(false);
  await aWhile();
  expect(again.received).toEqual([]);
});

test("a phone that returns after ten minutes has to be paired anew", async () => {
  const clock = heldClock();
  await using fleet = await startFleet({ clock });
  const { phone } = await boundWhileAway(fleet);
  clock.leap(10 * 60_000 - 5_000);
  const inTime = await phone.connect();
  expect(inTime.registered).toBe(true);
  expect(await inTime.next("DeviceBound")).toBeTruthy();
  clock.leap(5_000);
  const late = await phone.connect();
  expect(late.registered).toBe(false);
  await aWhile();
  expect(late.received).toEqual([]);
});

test("a phone gets DeviceBound on its return also when the server was restarted in between", async () => {
  await using fleet = await startFleet();
  const { phone, deviceId } = await boundWhileAway(fleet);
  await fleet.restart();
  const returned = await phone.connect();
  expect(returned.registered).toBe(true);
  expect(await returned.next("DeviceBound")).toMatchObject({ bound: { deviceId } });
  const used = (await phone.connect().then((client) => client.next("DeviceBound")))["bound"] as { accessToken: string };
  await fleet.rest("GET /api/device/me", { token: used.accessToken });
  await fleet.restart();
  expect((await phone.connect()).registered).toBe(false);
});

test("a phone that was bound while away and asks for a new code is told that it is bound", async () => {
  await using fleet = await startFleet();
  const { phone, deviceId } = await boundWhileAway(fleet);
  await phone.init();
  const returned = await phone.connect();
  expect(returned.registered).toBe(true);
  expect(await returned.next("DeviceBound")).toMatchObject({ bound: { deviceId } });
});

test("a phone that registers in the very moment in which it is bound hears of it", async () => {
  await using fleet = await startFleet();
  const phone = await fleet.phone();
  const { pending } = fleet.server.app;
  const find = pending.findByGuid;
  vi.spyOn(pending, "findByGuid").mockImplementationOnce(async (...args) => {
    const found = await find(...args);
    await fleet.enter("north", phone.code);
    return found;
  });
  const pairing = await phone.connect();
  expect(pairing.registered).toBe(true);
  expect(await pairing.next("DeviceBound")).toBeTruthy();
});

test("a phone that was unbound before it returned gets nothing", async () => {
  await using fleet = await startFleet();
  const { phone, deviceId } = await boundWhileAway(fleet);
  const { token } = await fleet.account("north");
  expect((await fleet.rest(`DELETE /api/devices/${deviceId}`, { token })).status).toBe(204);
  const returned = await phone.connect();
  expect(returned.registered).toBe(false);
  await aWhile();
  expect(returned.received).toEqual([]);
});

test("a code that a phone shows is good across a restart, and the phone that comes back hears of it", async () => {
  await using fleet = await startFleet();
  const phone = await fleet.phone();
  await fleet.restart();
  const pairing = await phone.connect();
  expect(pairing.registered).toBe(true);
  expect((await fleet.enter("north", phone.code)).status).toBe(201);
  expect(await pairing.next("DeviceBound")).toBeTruthy();
});

test("a phone that was unbound before it came for its token is bound again by its next code, and hears of it", async () => {
  await using fleet = await startFleet();
  const { phone, deviceId } = await boundWhileAway(fleet);
  const { token } = await fleet.account("north");
  expect((await fleet.rest(`DELETE /api/devices/${deviceId}`, { token })).status).toBe(204);

  const { code } = await phone.init();
  const pairing = await phone.connect();
  expect(pairing.registered).toBe(true);
  const { body } = await fleet.enter("north", code);
  expect((await pairing.next("DeviceBound"))["bound"]).toMatchObject({ deviceId: body.id });
});
