// The hub reference, walked from its first line to its last with nothing but a stock client and fetch.
import { randomUUID } from "node:crypto";
import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";

let fleet: Fleet;
const open: HubConnection[] = [];

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.stop()));
  await fleet[Symbol.asyncDispose]();
});

const fleetEvents = [
  "DeviceUpdated",
  "ReceiveMessage",
  "DeviceMessageReceived",
  "DeviceMessageAcknowledged",
  "DeviceMessageSeen",
  "DeviceMessageResponse",
  "ZoneSync",
  "ZoneAdded",
  "ZoneDeleted",
  "StartFastLocation",
  "StopFastLocation",
  "RequestHistorySync",
  "RescueSessionStarted",
  "RescuePeerLocation",
  "RescueSessionEnded",
] as const;

type Heard = { event: string; args: unknown[] };
type Client = HubConnection & { heard: Heard[]; next(event: string): Promise<unknown[]> };

/** A stock client as a newcomer would write it, and what it heard. */
async function connect(path: string, token?: string, events: readonly string[] = fleetEvents): Promise<Client> {
  const query = token === undefined ? "" : `?access_token=${token}`;
  const connection = new HubConnectionBuilder()
    .withUrl(`${fleet.address}${path}${query}`)
    .configureLogging(LogLevel.None)
    .build();
  const heard: Heard[] = [];
  let taken = 0;
  for (const event of events) connection.on(event, (...args: unknown[]) => void heard.push({ event, args }));
  open.push(connection);
  await connection.start();
  return Object.assign(connection, {
    heard,
    /** The next event of this name after the one taken last; what lies between is passed over. */
    async next(event: string) {
      for (const patience = Date.now() + 10_000; Date.now() < patience; ) {
        const at = heard.findIndex((one, index) => index >= taken && one.event === event);
        if (at !== -1) {
          taken = at + 1;
          return heard[at]?.args ?? [];
        }
        await new Promise((resume) => setTimeout(resume, 5));
      }
      throw new Error(`${event} did not come; there were ${JSON.stringify(heard)}`);
    },
  });
}

async function call<T>(method: string, path: string, token: string | null, body?: object): Promise<T> {
  const answer = await fetch(fleet.address + path, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}

const dateTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

type Auth = { accessToken: string; refreshToken: string; account: { id: number } };
type Bound = { deviceId: number; accountId: number; accessToken: string; signalREndpoint: string };

describe("the hub reference, line by line", () => {
  let auth: Auth;
  let dashboard: Client;
  let phone: Client;
  let peer: Client;
  let [phoneId, peerId] = [0, 0];
  let phoneToken = "";

  test("PairingHub: a phone links to its pending row, or asks for a code of its own, and hears DeviceBound", async () => {
    auth = await call<Auth>("POST", "/api/auth/register", null, {
      email: "reference@example.com",
      password: "as the document says",
      displayName: "Reader",
      accountName: "Reference",
      country: "US",
      timezone: "America/Chicago",
    });
    dashboard = await connect("/hubs/fleet", auth.accessToken);

    const deviceGuid = randomUUID().toUpperCase();
    const pairing = await connect("/hubs/pairing", undefined, ["DeviceBound"]);
    expect(await pairing.invoke("RegisterConnectionForPairing", deviceGuid)).toBe(false);
    const { code } = await call<{ code: string }>("POST", "/api/device/init", null, { deviceGuid });
    expect(await pairing.invoke("RegisterConnectionForPairing", deviceGuid.replaceAll("-", ""))).toBe(true);
    await call("POST", "/api/devices/by-code", auth.accessToken, { code, name: "Van 1", identifier: "V-1" });
    const [bound] = (await pairing.next("DeviceBound")) as [Bound];
    expect(bound).toEqual({
      deviceId: expect.any(Number),
      accountId: auth.account.id,
      signalREndpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/hubs\/fleet$/),
      name: "Van 1",
      identifier: "V-1",
      accessToken: expect.any(String),
      speedUnit: "mph",
      country: "US",
      accountTimezone: "America/Chicago",
      periodicAirplaneModeOff: false,
    });
    phoneId = bound.deviceId;
    phoneToken = bound.accessToken;

    const second = await connect("/hubs/pairing", undefined, ["DeviceBound"]);
    const ownCode: string = await second.invoke("RequestPairingCode");
    expect(ownCode).toMatch(/^[A-HJKMNP-Z2-9]{6}$/);
    await call("POST", "/api/devices/by-code", auth.accessToken, { code: ownCode.toLowerCase(), name: "Van 2" });
    const [other] = (await second.next("DeviceBound")) as [Bound];
    peerId = other.deviceId;

    phone = await connect("/hubs/fleet", bound.accessToken);
    peer = await connect("/hubs/fleet", other.accessToken);
  });

  test("ZoneSync: a device gets the full list when it connects", async () => {
    expect(await phone.next("ZoneSync")).toEqual([[]]);
    expect(await peer.next("ZoneSync")).toEqual([[]]);
  });

  test("RequestTokenRefresh: the same answer as over HTTP, on the open connection", async () => {
    const fresh: Auth = await dashboard.invoke("RequestTokenRefresh", auth.refreshToken);
    expect(fresh).toMatchObject({ accessToken: expect.any(String), refreshToken: expect.any(String) });
    expect(Object.keys(fresh).toSorted()).toEqual(Object.keys(auth).toSorted());
    expect(await dashboard.invoke("RequestTokenRefresh", "not a token")).toBeNull();
    auth = fresh;
  });

  test("ReportDeviceInfo and ReportLocation: the account hears DeviceUpdated, its arguments in order", async () => {
    await phone.invoke("reportDeviceInfo", 71.5, "1.2.3", "es");
    for (;;) {
      const args = await dashboard.next("DeviceUpdated");
      if (args[6] !== "1.2.3") continue;
      expect(args).toEqual([phoneId, true, null, null, null, 71.5, "1.2.3", "es", dateTime, "idle"]);
      break;
    }
    await phone.invoke("ReportLocation", 41.88, -87.63, 70, "1.2.3", "es");
    for (const client of [dashboard, peer]) {
      let args = await client.next("DeviceUpdated");
      while (args[2] !== 41.88) args = await client.next("DeviceUpdated");
      expect(args).toEqual([phoneId, true, 41.88, -87.63, dateTime, 70, "1.2.3", "es", dateTime, "idle"]);
    }
    await peer.invoke("ReportLocation", 41.9, -87.6, null, null, null);
  });

  test("ReceiveMessage, MessageReceived, MessageSeen, MessageResponse: each is told to the account", async () => {
    const { items } = await call<{ items: { id: string }[] }>("POST", "/api/messages", auth.accessToken, {
      deviceIds: [phoneId],
      body: "Take the next 30 from Van 2",
      displaySeconds: 45,
    });
    const messageId = items[0]?.id;
    expect(await phone.next("ReceiveMessage")).toEqual([messageId, "Take the next 30 from Van 2", 45]);
    expect(messageId).toEqual(guid);
    await phone.invoke("MessageReceived", messageId);
    expect(await dashboard.next("DeviceMessageReceived")).toEqual([phoneId, messageId]);
    expect(await dashboard.next("DeviceMessageAcknowledged")).toEqual([phoneId, messageId]);
    await phone.invoke("MessageSeen", messageId);
    expect(await dashboard.next("DeviceMessageSeen")).toEqual([phoneId, messageId]);
    await phone.invoke("MessageResponse", messageId, "On my way");
    expect(await dashboard.next("DeviceMessageResponse")).toEqual([phoneId, messageId, "On my way", dateTime]);

    const { items: again } = await call<{ items: { id: string }[] }>("POST", "/api/messages", auth.accessToken, {
      deviceIds: [phoneId],
      body: "And now?",
    });
    const [secondId] = await phone.next("ReceiveMessage");
    expect(secondId).toBe(again[0]?.id);
    await phone.invoke("MessageResponse", secondId, "Done");
    expect(await dashboard.next("DeviceMessageResponse")).toEqual([phoneId, secondId, "Done", dateTime]);
    expect(await dashboard.next("DeviceMessageSeen")).toEqual([phoneId, secondId]);
  });

  test("ZoneAdded and ZoneDeleted: account and devices", async () => {
    const zone = await call<{ id: number }>("POST", "/api/zones", auth.accessToken, {
      name: "Depot",
      color: "#3355ff",
      kind: "depot",
      geometry: { type: "Point", coordinates: [-87.63, 41.88] },
      radiusMeters: 150,
    });
    for (const client of [dashboard, phone, peer])
      expect(await client.next("ZoneAdded")).toEqual([expect.objectContaining({ id: zone.id, name: "Depot" })]);
    await call("DELETE", `/api/zones/${zone.id}`, auth.accessToken);
    for (const client of [dashboard, phone, peer]) expect(await client.next("ZoneDeleted")).toEqual([zone.id]);
  });

  test("StartFastLocation and StopFastLocation: the device alone", async () => {
    await call("POST", `/api/devices/${phoneId}/fast-location`, auth.accessToken, {
      intervalSeconds: 2,
      durationSeconds: 120,
    });
    expect(await phone.next("StartFastLocation")).toEqual([2, 120]);
    await call("DELETE", `/api/devices/${phoneId}/fast-location`, auth.accessToken);
    expect(await phone.next("StopFastLocation")).toEqual([]);
    expect([...peer.heard, ...dashboard.heard].filter(({ event }) => event.endsWith("FastLocation"))).toEqual([]);
  });

  test("RequestHistorySync: the device posts what it kept", async () => {
    await call("POST", `/api/devices/${phoneId}/history-sync`, auth.accessToken, { hours: 6 });
    expect(await phone.next("RequestHistorySync")).toEqual([6]);
    const atUtc = new Date(Date.now() - 3_600_000).toISOString();
    const receipt = await call("POST", "/api/devices/history-sync", phoneToken, {
      samples: [{ atUtc, lat: 41.87, lon: -87.62 }],
      final: true,
    });
    expect(receipt).toMatchObject({ accepted: 1, duplicates: 0, rejected: [] });
    let args = await dashboard.next("DeviceUpdated");
    while (args[9] !== "synced") args = await dashboard.next("DeviceUpdated");
    expect(args.slice(0, 4)).toEqual([phoneId, true, 41.88, -87.63]);
  });

  test("RescueSessionStarted, RescuePeerLocation, RescueSessionEnded: the account, and the pair in their own words", async () => {
    const { sessionId } = await call<{ sessionId: string }>("POST", "/api/rescues", auth.accessToken, {
      rescueeDeviceId: phoneId,
      rescuerDeviceId: peerId,
    });
    const plain = { sessionId, rescueeDeviceId: phoneId, rescuerDeviceId: peerId, startedUtc: dateTime };
    expect(await dashboard.next("RescueSessionStarted")).toEqual([plain]);
    expect(await phone.next("RescueSessionStarted")).toEqual([
      { ...plain, yourRole: "rescuee", peerDeviceId: peerId, peerDisplayName: "Van 2" },
    ]);
    expect(await peer.next("RescueSessionStarted")).toEqual([
      { ...plain, yourRole: "rescuer", peerDeviceId: phoneId, peerDisplayName: "Van 1" },
    ]);
    expect(await peer.next("RescuePeerLocation")).toEqual([
      { peerDeviceId: phoneId, lat: 41.88, lon: -87.63, atUtc: dateTime },
    ]);
    expect(await phone.next("RescuePeerLocation")).toEqual([
      { peerDeviceId: peerId, lat: 41.9, lon: -87.6, atUtc: dateTime },
    ]);
    await call("POST", `/api/rescues/${sessionId}/complete`, auth.accessToken);
    for (const client of [dashboard, phone, peer])
      expect(await client.next("RescueSessionEnded")).toEqual([{ sessionId, endReason: "completed" }]);

    const again = await call<{ sessionId: string }>("POST", "/api/rescues", auth.accessToken, {
      rescueeDeviceId: phoneId,
      rescuerDeviceId: peerId,
    });
    await call("POST", `/api/rescues/${again.sessionId}/cancel`, auth.accessToken);
    for (const client of [dashboard, phone, peer])
      expect(await client.next("RescueSessionEnded")).toEqual([
        { sessionId: again.sessionId, endReason: "cancelled_by_dispatcher" },
      ]);
  });

  test("the page that documents it names every one of these", async () => {
    const page = await (await fetch(`${fleet.address}/docs/signalr.html`)).text();
    const methods = [
      "RequestTokenRefresh",
      "ReportLocation",
      "ReportDeviceInfo",
      "MessageReceived",
      "MessageSeen",
      "MessageResponse",
    ];
    for (const name of [...methods, ...fleetEvents]) expect(page).toContain(`id="FleetHub-${name}"`);
    for (const name of ["RegisterConnectionForPairing", "RequestPairingCode", "DeviceBound"])
      expect(page).toContain(`id="PairingHub-${name}"`);
    expect(page).toContain("<h1>SignalR hub contract — DSP Fleet</h1>");
  });
});
