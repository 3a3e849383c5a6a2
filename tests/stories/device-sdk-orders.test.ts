import type { Rescue } from "@dsp-fleet/contract";
import { createDevice, type Device, memoryStore, type RescueChange } from "@dsp-fleet/device-sdk";
import { expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";

async function aPhone(fleet: Fleet, name: string): Promise<Device & { id: number }> {
  const device = createDevice({
    baseUrl: fleet.address,
    store: memoryStore(),
    info: { platform: "test", model: "Case" },
  });
  const code = Promise.withResolvers<string>();
  const connected = Promise.withResolvers<number>();
  device.onState((state) => {
    if (state.kind === "pairing") code.resolve(state.code);
    if (state.kind === "connected") connected.resolve(state.device.deviceId);
  });
  device.start();
  expect((await fleet.enter("north", await code.promise, { name })).status).toBe(201);
  return Object.assign(device, { id: await connected.promise });
}

test("a phone of the device SDK knows what it is asked, from whom it hears, and that it is over", async () => {
  await using fleet = await startFleet();
  await using rescuee = await aPhone(fleet, "Van in need");
  await using rescuer = await aPhone(fleet, "Van that helps");
  const { token } = await fleet.account("north");
  const changes: RescueChange[] = [];
  rescuee.onRescue((change) => changes.push(change));

  const path = `/api/devices/${rescuee.id}/fast-location`;
  await fleet.rest(`POST ${path}`, { token, body: { intervalSeconds: 5, durationSeconds: 60 } });
  await expect.poll(() => rescuee.fastLocation).toMatchObject({ intervalSeconds: 5 });
  await rescuee.report({ atMs: Date.now(), lat: 41.38, lon: 2.17 });
  await expect
    .poll(async () => (await fleet.rest(`GET ${path}`, { token })).body)
    .toMatchObject({ lease: { sign: "obeying" } });
  await fleet.rest(`DELETE ${path}`, { token });
  await expect.poll(() => rescuee.fastLocation).toBeNull();

  const body = { rescueeDeviceId: rescuee.id, rescuerDeviceId: rescuer.id };
  const { body: rescue } = await fleet.rest<Rescue>("POST /api/rescues", { token, body });
  await expect.poll(() => rescuer.rescue?.peer).toMatchObject({ lat: 41.38, lon: 2.17 });
  expect(rescuer.rescue).toMatchObject({ yourRole: "rescuer", peerDisplayName: "Van in need" });
  expect(rescuer.fastLocation).toMatchObject({ intervalSeconds: 2 });
  await rescuer.report({ atMs: Date.now(), lat: 41.39, lon: 2.18 });
  await expect.poll(() => rescuee.rescue?.peer).toMatchObject({ lat: 41.39, lon: 2.18 });

  await fleet.rest(`POST /api/rescues/${rescue.sessionId}/complete`, { token });
  await expect.poll(() => [rescuee.rescue, rescuer.rescue]).toEqual([null, null]);
  await expect.poll(() => [rescuee.fastLocation, rescuer.fastLocation]).toEqual([null, null]);
  expect(changes.map(({ kind }) => kind)).toEqual(["started", "moved", "ended"]);
});
