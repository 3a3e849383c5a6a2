import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile } from "../lib/hub-client.ts";
import { newGuid } from "../lib/people.ts";
import { sortedStatuses, withoutTraceId } from "../lib/rest.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
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
    const codes = () => fleet.server.app.pending.liveCodes(clock.now());
    const codesBefore = await codes();
    for (let round = 0; round < 10; round += 1) {
      const pairing = await fleet.hub("/hubs/pairing");
      pairing.invoke("RequestPairingCode").catch(() => undefined);
      await pairing.stop();
    }
    await aWhile();
    expect(fleet.server.app.ownPending.size).toBe(before);
    expect(await codes()).toBe(codesBefore);
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

describe("a code", () => {
  test("that another dispatcher has used is unknown, and nothing changes", async () => {
    const phone = await fleet.phone();
    const pairing = await phone.connect();
    const first = await fleet.enter("first", phone.code, { name: "First" });
    await pairing.next("DeviceBound");
    const again = await Promise.all([fleet.enter("first", phone.code), fleet.enter("second", phone.code)]);
    expect(again.map((answer) => [answer.status, answer.body])).toMatchObject([
      [404, { code: "code-unknown" }],
      [404, { code: "code-unknown" }],
    ]);
    const { token } = await fleet.account("first");
    expect((await fleet.rest(`GET /api/devices/${first.body.id}`, { token })).body).toMatchObject({ name: "First" });
    const second = await fleet.account("second");
    expect((await fleet.rest("GET /api/devices", { token: second.token })).body).toMatchObject({ items: [] });
    await aWhile();
    expect(pairing.count("DeviceBound")).toBe(1);
  });

  test.each(["Räder & Söhne 🚚", "<script>alert(1)</script>", "=1+1", "שלום", "'; drop table devices; --"])(
    "gives its device the name that was typed: %s",
    async (name) => {
      const phone = await fleet.phone();
      expect((await fleet.enter("names", phone.code, { name, identifier: name })).body).toMatchObject({
        name,
        identifier: name,
      });
    },
  );

  test("and another entered at once with one identifier: one of them gets it", async () => {
    const phones = [await fleet.phone(), await fleet.phone()];
    await fleet.account("one-plate");
    const answers = await Promise.all(phones.map(({ code }) => fleet.enter("one-plate", code, { identifier: "P-1" })));
    expect(sortedStatuses(answers)).toEqual([201, 409]);
  });

  test("that two accounts enter at once is won by exactly one", async () => {
    for (let round = 0; round < 3; round += 1) {
      const phone = await fleet.phone();
      const pairing = await phone.connect();
      const answers = await Promise.all(
        ["east", "west", "east", "west"].map((name) => fleet.enter(`${name}-${round}`, phone.code)),
      );
      expect(sortedStatuses(answers)).toEqual([201, 404, 404, 404]);
      await pairing.next("DeviceBound");
      await aWhile(40);
      expect(pairing.count("DeviceBound")).toBe(1);
    }
  });

  test("that is expired, used or wrong looks alike, byte for byte", async () => {
    const [used, expired] = [await fleet.phone(), await fleet.phone()];
    await fleet.enter("alike", used.code);
    clock.leap(10 * 60_000);
    const answers = [
      await fleet.enter("alike", "ZZZZZZ"),
      await fleet.enter("alike", used.code),
      await fleet.enter("alike", expired.code),
      await fleet.enter("alike", "no code at all"),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    expect(new Set(answers.map(withoutTraceId)).size).toBe(1);
    const headers = answers.map(({ headers: each }) =>
      [...each].filter(([name]) => !["date", "x-trace-id"].includes(name)).map(String),
    );
    expect(headers[1]).toEqual(headers[0]);
    expect(headers[2]).toEqual(headers[0]);
  });

  test("is not used up by an identifier that is taken", async () => {
    await fleet.pair("taken", { identifier: "T-1" });
    const phone = await fleet.phone();
    const refused = await fleet.enter("taken", phone.code, { identifier: "T-1" });
    expect([refused.status, refused.body]).toMatchObject([409, { code: "identifier-taken" }]);
    expect((await fleet.enter("taken", phone.code, { identifier: "T-2" })).status).toBe(201);
  });

  test("of another account's identifier is free to take", async () => {
    await fleet.pair("taken-elsewhere", { identifier: "X-1" });
    expect(await fleet.pair("free-here", { identifier: "X-1" })).toMatchObject({ identifier: "X-1" });
  });
});

describe("a GUID that is none", () => {
  const junk = [
    null,
    true,
    0,
    1e31,
    [],
    {},
    ["a".repeat(32)],
    "",
    "-",
    "g".repeat(32),
    "a".repeat(31),
    "a".repeat(33),
    ` ${"a".repeat(32)}`,
    `${"a".repeat(32)}\n`,
    `{${newGuid()}}`,
    `${"a-".repeat(31)}a`,
    "ａ".repeat(32),
    "a".repeat(5_000),
  ];

  test.each(junk.map((guid) => [JSON.stringify(guid).slice(0, 40), guid]))(
    "is refused at init: %s",
    async (_, deviceGuid) => {
      const answer = await fleet.rest("POST /api/device/init", { body: { deviceGuid } });
      expect([answer.status, answer.body]).toMatchObject([400, { code: "bad-guid" }]);
    },
  );

  test("is refused at init when it is missing", async () => {
    expect((await fleet.rest("POST /api/device/init", { body: {} })).status).toBe(400);
  });

  test("registers as false and never as an error", async () => {
    const pairing = await fleet.hub("/hubs/pairing");
    for (const each of junk) expect(await pairing.invoke("RegisterConnectionForPairing", each)).toBe(false);
    expect(await pairing.invoke("RegisterConnectionForPairing")).toBe(false);
    expect(await pairing.invoke("registerconnectionforpairing", newGuid())).toBe(false);
  });
});
