import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";

let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe("a phone that shows a code", () => {
  test("is bound by a dispatcher who enters it, and gets exactly the fields of the contract", async () => {
    const north = await fleet.account("north");
    const dashboard = await fleet.dashboard("north");
    const phone = await fleet.phone({ platform: "android", model: "Pixel 9", osVersion: "16" });
    const pairing = await phone.connect();
    expect(pairing.registered).toBe(true);

    const entered = await fleet.enter("north", phone.code, { name: " Van 1 ", identifier: "N-1" });
    expect(entered.status).toBe(201);
    expect(entered.body).toMatchObject({ name: "Van 1", identifier: "N-1", platform: "android", model: "Pixel 9" });
    expect(entered.body).toMatchObject({ isConnected: false, lastLat: null, syncState: "idle", version: 1 });

    expect(await dashboard.next("DeviceAdded")).toEqual({ device: entered.body });
    const { bound } = await pairing.next("DeviceBound");
    expect(bound).toEqual({
      deviceId: entered.body.id,
      accountId: north.id,
      signalREndpoint: `${fleet.address}/hubs/fleet`,
      name: "Van 1",
      identifier: "N-1",
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      speedUnit: "kmh",
      country: "DE",
      accountTimezone: "Europe/Berlin",
      periodicAirplaneModeOff: false,
    });
    const { accessToken: token, ...settings } = bound as { accessToken: string };
    const me = await fleet.rest("GET /api/device/me", { token });
    expect(me.body).toEqual(settings);
  });

  test("can take its code from PairingHub instead, and is bound over that connection", async () => {
    const pairing = await fleet.hub("/hubs/pairing");
    const code = await pairing.invoke<string>("RequestPairingCode");
    expect(code).toMatch(/^[A-HJ-KM-NP-Z2-9]{6}$/);
    const entered = await fleet.enter("north", code, { name: "Hub van" });
    const { bound } = await pairing.next("DeviceBound");
    expect(bound).toMatchObject({ deviceId: entered.body.id, name: "Hub van", identifier: null });
  });

  test("has its second code from PairingHub replace the first", async () => {
    const pairing = await fleet.hub("/hubs/pairing");
    const first = await pairing.invoke<string>("RequestPairingCode");
    const second = await pairing.invoke<string>("RequestPairingCode");
    expect((await fleet.enter("second-code", first)).status).toBe(404);
    expect((await fleet.enter("second-code", second)).status).toBe(201);
    expect(await pairing.next("DeviceBound")).toBeTruthy();
  });

  test("takes its code from PairingHub with it when its connection goes", async () => {
    const pairing = await fleet.hub("/hubs/pairing");
    const code = await pairing.invoke<string>("RequestPairingCode");
    await pairing.stop();
    await aWhile();
    expect((await fleet.enter("gone", code)).body).toMatchObject({ code: "code-unknown" });
  });

  test("leaves no code behind when it hangs up while one is drawn for it", async () => {
    const before = fleet.server.app.ownPending.size;
    const codes = () => fleet.server.app.pending.liveCodes(Date.now());
    const codesBefore = await codes();
    for (let round = 0; round < 10; round += 1) {
      const pairing = await fleet.hub("/hubs/pairing");
      await pairing.connection.send("RequestPairingCode");
      await pairing.stop();
    }
    await expect.poll(codes).toBe(codesBefore);
    expect(fleet.server.app.ownPending.size).toBe(before);
  });

  test("gets a fresh code for the same GUID, and the first is dead", async () => {
    const phone = await fleet.phone();
    const first = phone.code;
    const pairing = await phone.connect();
    const second = await phone.init();
    expect(second.deviceGuid).toBe(phone.guid);
    expect((await fleet.enter("fresh-code", first)).status).toBe(404);
    expect((await fleet.enter("fresh-code", second.code)).status).toBe(201);
    expect(await pairing.next("DeviceBound")).toBeTruthy();
  });

  test.each([
    ["in lower case", (code: string) => code.toLowerCase()],
    ["with blanks", (code: string) => ` ${code.slice(0, 3)} ${code.slice(3)} `],
    ["with a hyphen", (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`],
  ])("is found by its code %s", async (_how, typed) => {
    const phone = await fleet.phone();
    expect((await fleet.enter("north", typed(phone.code))).status).toBe(201);
  });

  test.each([
    ["without hyphens", (guid: string) => guid],
    ["with hyphens", (guid: string) => guid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")],
    ["in capitals", (guid: string) => guid.toUpperCase()],
  ])("registers with its GUID %s", async (_how, written) => {
    const phone = await fleet.phone();
    const pairing = await fleet.hub("/hubs/pairing");
    expect(await pairing.invoke("RegisterConnectionForPairing", written(phone.guid))).toBe(true);
    expect((await fleet.enter("north", phone.code)).status).toBe(201);
    expect(await pairing.next("DeviceBound")).toBeTruthy();
  });
});
