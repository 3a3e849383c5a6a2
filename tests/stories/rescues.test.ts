import type { Rescue, RescueCandidate } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile, type HubClient } from "../lib/hub-client.ts";
import type { FleetDevice } from "../lib/people.ts";
import { sortedStatuses, withoutTraceId } from "../lib/rest.ts";
import { sampleAt } from "../lib/samples.ts";

const clock = heldClock();
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** Often enough to be there still when time leaps. */
const hub = { pingEveryMs: 20 };

async function start(account: string, rescueeDeviceId: number, rescuerDeviceId: number) {
  const { token } = await fleet.account(account);
  return fleet.rest<Rescue>("POST /api/rescues", { token, body: { rescueeDeviceId, rescuerDeviceId } });
}

async function end(account: string, sessionId: string, how: "complete" | "cancel") {
  const { token } = await fleet.account(account);
  return fleet.rest<Rescue>(`POST /api/rescues/${sessionId}/${how}`, { token });
}

/** Two vans of an account, online, a few streets apart. */
async function aPair(account: string): Promise<{ rescuee: FleetDevice; rescuer: FleetDevice }> {
  const rescuee = await fleet.device({ account, name: "Van in need" }, hub);
  const rescuer = await fleet.device({ account, name: "Van that helps" }, hub);
  await rescuee.reportLocation({ lat: 41.38, lon: 2.17, batteryPercent: 80 });
  await rescuer.reportLocation({ lat: 41.39, lon: 2.18, batteryPercent: 80 });
  return { rescuee, rescuer };
}

const heard = (client: HubClient, event: string) =>
  client.received.filter((one) => one.event === event).map(({ args }) => args[0]);

const latitudes = (client: HubClient) =>
  heard(client, "RescuePeerLocation").map((position) => (position as { lat: number }).lat);

async function hidePeers(account: string): Promise<void> {
  const { id } = await fleet.account(account);
  await fleet.server.app.database.queries
    .updateTable("accounts")
    .set({ devices_see_peers: 0 })
    .where("id", "=", id)
    .execute();
}

describe("a rescue that starts", () => {
  test("is told to the account, and to each of the pair in a copy of its own, once to every connection", async () => {
    const { rescuee, rescuer } = await aPair("start");
    const second = await fleet.connectDevice({ deviceId: rescuee.id, accessToken: rescuee.token }, hub);
    const bystanders = [
      await fleet.dashboard("start"),
      await fleet.dashboard("start"),
      await fleet.device({ account: "start" }),
    ];
    const stranger = await fleet.dashboard("other");
    const { status, body: rescue } = await start("start", rescuee.id, rescuer.id);
    expect(status).toBe(201);
    expect(rescue).toEqual({
      sessionId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      rescueeDeviceId: rescuee.id,
      rescuerDeviceId: rescuer.id,
      startedUtc: expect.any(String),
      endedUtc: null,
      endReason: null,
      startedBy: (await fleet.account("start")).auth.user.id,
      durationSeconds: null,
    });
    const { sessionId, rescueeDeviceId, rescuerDeviceId, startedUtc } = rescue;
    const plain = { sessionId, rescueeDeviceId, rescuerDeviceId, startedUtc };
    await Promise.all([rescuee, second, rescuer, ...bystanders].map((client) => client.next("RescueSessionStarted")));
    await aWhile();
    for (const client of bystanders) expect(heard(client, "RescueSessionStarted")).toEqual([plain]);
    for (const client of [rescuee, second]) {
      expect(heard(client, "RescueSessionStarted")).toEqual([
        { ...plain, yourRole: "rescuee", peerDeviceId: rescuer.id, peerDisplayName: "Van that helps" },
      ]);
    }
    expect(heard(rescuer, "RescueSessionStarted")).toEqual([
      { ...plain, yourRole: "rescuer", peerDeviceId: rescuee.id, peerDisplayName: "Van in need" },
    ]);
    expect(stranger.received).toEqual([]);
  });

  test("gives both phones fast location and the last known position of the other at once", async () => {
    const { rescuee, rescuer } = await aPair("at-once");
    const bystander = await fleet.device({ account: "at-once" });
    await start("at-once", rescuee.id, rescuer.id);
    expect(await rescuee.next("RescuePeerLocation")).toEqual({
      position: { peerDeviceId: rescuer.id, lat: 41.39, lon: 2.18, atUtc: expect.stringMatching(/Z$/) },
    });
    expect(await rescuer.next("RescuePeerLocation")).toMatchObject({
      position: { peerDeviceId: rescuee.id, lat: 41.38, lon: 2.17 },
    });
    for (const van of [rescuee, rescuer]) {
      expect(await van.next("StartFastLocation")).toEqual({ intervalSeconds: 2, durationSeconds: 600 });
      expect(van.received.map(({ event }) => event).filter((event) => !/^(?:Device|Zone)/.test(event))).toEqual([
        "RescueSessionStarted",
        "StartFastLocation",
        "RescuePeerLocation",
      ]);
    }
    expect(bystander.count("RescuePeerLocation") + bystander.count("StartFastLocation")).toBe(0);
  });

  test("reaches the pair and the dashboards alone in an account whose devices do not see each other", async () => {
    await hidePeers("blind");
    const { rescuee, rescuer } = await aPair("blind");
    const [dashboard, bystander] = [await fleet.dashboard("blind"), await fleet.device({ account: "blind" })];
    const { body } = await start("blind", rescuee.id, rescuer.id);
    await end("blind", body.sessionId, "complete");
    await Promise.all([rescuee, rescuer, dashboard].map((client) => client.next("RescueSessionEnded")));
    await aWhile();
    for (const client of [rescuee, rescuer, dashboard]) {
      expect([client.count("RescueSessionStarted"), client.count("RescueSessionEnded")]).toEqual([1, 1]);
    }
    expect(bystander.received.map(({ event }) => event)).toEqual(["ZoneSync"]);
  });

  test("by many dispatchers at once is started by one: no device is in two", async () => {
    const { token, id: accountId } = await fleet.account("race");
    const vans = [];
    for (let count = 0; count < 4; count += 1) vans.push((await fleet.pair("race")).deviceId);
    const [a = 0, b = 0, c = 0, d = 0] = vans;
    const pairs: [number, number][] = [
      [a, b],
      [a, b],
      [b, a],
      [b, c],
      [c, a],
      [a, d],
      [b, a],
      [a, c],
    ];
    const answers = await Promise.all(
      pairs.map(([rescueeDeviceId, rescuerDeviceId]) =>
        fleet.rest<Rescue>("POST /api/rescues", { token, body: { rescueeDeviceId, rescuerDeviceId } }),
      ),
    );
    for (const { status, body } of answers) {
      if (status !== 201) expect([status, body]).toMatchObject([409, { code: "device-in-rescue" }]);
    }
    const open = (await fleet.rest<{ items: Rescue[] }>("GET /api/rescues?state=open", { token })).body.items;
    expect(open.length).toBe(answers.filter(({ status }) => status === 201).length);
    const busy = open.flatMap(({ rescueeDeviceId, rescuerDeviceId }) => [rescueeDeviceId, rescuerDeviceId]);
    expect(new Set(busy).size).toBe(busy.length);
    const rows = await fleet.server.app.database.queries
      .selectFrom("rescues")
      .select("id")
      .where("account_id", "=", accountId)
      .execute();
    expect(rows.length).toBe(open.length);
  });

  test("leaves no trace when one of the two is taken", async () => {
    const { token } = await fleet.account("taken");
    const [a, b, c] = [
      await fleet.pair("taken"),
      await fleet.pair("taken", { name: "Busy" }),
      await fleet.pair("taken"),
    ];
    await start("taken", a.deviceId, b.deviceId);
    const refused = await start("taken", c.deviceId, b.deviceId);
    expect([refused.status, refused.body]).toMatchObject([409, { code: "device-in-rescue" }]);
    expect((refused.body as unknown as { detail: string }).detail).toContain("Busy");
    expect((await start("taken", c.deviceId, a.deviceId)).status).toBe(409);
    expect((await fleet.rest<{ items: Rescue[] }>("GET /api/rescues", { token })).body.items).toHaveLength(1);
    const fresh = await fleet.pair("taken");
    expect((await start("taken", c.deviceId, fresh.deviceId)).status).toBe(201);
  });

  test.each<[string, (van: number) => unknown, number, string]>([
    ["itself", (van) => ({ rescueeDeviceId: van, rescuerDeviceId: van }), 422, "same-device"],
    ["nobody", (van) => ({ rescueeDeviceId: van, rescuerDeviceId: 4_294_967_295 }), 404, "not-found"],
    ["no rescuer", (van) => ({ rescueeDeviceId: van }), 400, "invalid-request"],
    ["no rescuee", (van) => ({ rescuerDeviceId: van }), 400, "invalid-request"],
    ["zero", (van) => ({ rescueeDeviceId: van, rescuerDeviceId: 0 }), 400, "invalid-request"],
    ["a fraction", (van) => ({ rescueeDeviceId: van, rescuerDeviceId: 1.5 }), 400, "invalid-request"],
    ["text", (van) => ({ rescueeDeviceId: van, rescuerDeviceId: "1" }), 400, "invalid-request"],
    ["null", (van) => ({ rescueeDeviceId: van, rescuerDeviceId: null }), 400, "invalid-request"],
    ["more than asked", (van) => ({ rescueeDeviceId: van, rescuerDeviceId: 1, why: "" }), 400, "invalid-request"],
    ["a list", () => [], 400, "invalid-request"],
  ])("with %s is refused in words", async (_, body, status, code) => {
    const { token } = await fleet.account("bad");
    const { deviceId } = await fleet.pair("bad");
    const answer = await fleet.rest("POST /api/rescues", { token, body: body(deviceId) });
    expect([answer.status, answer.body]).toMatchObject([status, { code, detail: expect.stringMatching(/\.$/) }]);
  });

  test("with a van of another account is refused as one that nobody has", async () => {
    const [own, foreign] = [await fleet.pair("north"), await fleet.pair("south")];
    const unknown = await start("north", own.deviceId, 4_294_967_295);
    for (const [a, b] of [
      [own.deviceId, foreign.deviceId],
      [foreign.deviceId, own.deviceId],
    ] as const) {
      const answer = await start("north", a, b);
      expect(answer.status).toBe(404);
      expect(withoutTraceId(answer)).toBe(withoutTraceId(unknown));
    }
  });
});

describe("while a rescue lasts", () => {
  test("each position of one goes to the other alone, at most every 2 s; the newest is never lost", async () => {
    const { rescuee, rescuer } = await aPair("pace");
    const others = [await fleet.dashboard("pace"), await fleet.device({ account: "pace" })];
    await start("pace", rescuee.id, rescuer.id);
    await rescuee.next("RescuePeerLocation");
    for (const lat of [1, 2, 3]) await rescuer.reportLocation({ lat, lon: 0 });
    await aWhile();
    expect(latitudes(rescuee)).toEqual([41.39]);
    clock.leap(2_000);
    await aWhile();
    expect(latitudes(rescuee)).toEqual([41.39, 3]);
    clock.leap(2_000);
    await aWhile();
    expect(latitudes(rescuee)).toEqual([41.39, 3]);
    await rescuer.invoke("ReportSamples", [sampleAt(clock.now() - 1, 4), sampleAt(clock.now() - 90_000, 5)]);
    await rescuer.invoke("ReportSamples", [sampleAt(clock.now() - 80_000, 6)]);
    await aWhile();
    clock.leap(2_000);
    await aWhile();
    expect(latitudes(rescuee)).toEqual([41.39, 3, 4]);
    expect(latitudes(rescuer)).toEqual([41.38]);
    for (const other of others) expect(other.count("RescuePeerLocation")).toBe(0);
  });

  test("ten reports a second for ten seconds are six positions at most, the last among them", async () => {
    const { rescuee, rescuer } = await aPair("flood");
    await start("flood", rescuee.id, rescuer.id);
    await rescuer.next("RescuePeerLocation");
    let lat = 0;
    for (let tenth = 0; tenth < 100; tenth += 1) {
      lat = 10 + tenth / 100;
      await rescuee.reportLocation({ lat, lon: 0 });
      clock.leap(100);
    }
    clock.leap(2_000);
    await aWhile();
    expect(latitudes(rescuer).length).toBeLessThanOrEqual(7);
    expect(latitudes(rescuer).length).toBeGreaterThanOrEqual(6);
    expect(latitudes(rescuer).at(-1)).toBe(lat);
  });

  test("a phone that comes back gets its session, fast location with what remains, and where the other is", async () => {
    const { rescuee, rescuer } = await aPair("return");
    const { body } = await start("return", rescuee.id, rescuer.id);
    await rescuee.stop();
    await rescuer.reportLocation({ lat: 7, lon: 8 });
    clock.leap(9_000);
    const back = await fleet.connectDevice({ deviceId: rescuee.id, accessToken: rescuee.token }, hub);
    expect(await back.next("RescueSessionStarted")).toMatchObject({
      session: {
        sessionId: body.sessionId,
        startedUtc: body.startedUtc,
        yourRole: "rescuee",
        peerDeviceId: rescuer.id,
      },
    });
    expect(await back.next("RescuePeerLocation")).toMatchObject({
      position: { peerDeviceId: rescuer.id, lat: 7, lon: 8 },
    });
    expect(await back.next("StartFastLocation")).toEqual({ intervalSeconds: 2, durationSeconds: 591 });
    await aWhile();
    const own = ["StartFastLocation", "RescueSessionStarted", "RescuePeerLocation"];
    expect(back.received.map(({ event }) => event).filter((event) => own.includes(event))).toEqual(own);
    expect(rescuer.count("RescueSessionStarted")).toBe(1);
    await rescuer.reportLocation({ lat: 9, lon: 8 });
    await aWhile();
    expect(latitudes(back)).toEqual([7]);
    clock.leap(2_000);
    expect(await back.next("RescuePeerLocation")).toMatchObject({ position: { lat: 9 } });
  });

  test("a restart of the server changes nothing: the session is open, known to both, and can be ended", async () => {
    await using own = await startFleet({ clock });
    const { token } = await own.account("north");
    const [a, b] = [await own.pair("north", { name: "A" }), await own.pair("north", { name: "B" })];
    const van = await own.connectDevice(b);
    await van.reportLocation({ lat: 5, lon: 6 });
    const body = { rescueeDeviceId: a.deviceId, rescuerDeviceId: b.deviceId };
    const { body: rescue } = await own.rest<Rescue>("POST /api/rescues", { token, body });
    await van.stop();
    await own.restart();
    expect((await own.rest(`GET /api/rescues/${rescue.sessionId}`, { token })).body).toEqual(rescue);
    expect((await own.rest("POST /api/rescues", { token, body })).status).toBe(409);
    const [first, second] = [await own.connectDevice(a), await own.connectDevice(b)];
    expect(await first.next("RescueSessionStarted")).toMatchObject({
      session: { sessionId: rescue.sessionId, peerDisplayName: "B" },
    });
    expect(await first.next("RescuePeerLocation")).toMatchObject({ position: { peerDeviceId: b.deviceId, lat: 5 } });
    expect(await second.next("RescueSessionStarted")).toMatchObject({
      session: { yourRole: "rescuer", peerDisplayName: "A" },
    });
    for (const client of [first, second])
      expect(await client.next("StartFastLocation")).toMatchObject({ intervalSeconds: 2 });
    await first.reportLocation({ lat: 1, lon: 1 });
    expect(await second.next("RescuePeerLocation")).toMatchObject({ position: { peerDeviceId: a.deviceId, lat: 1 } });
    await own.rest(`POST /api/rescues/${rescue.sessionId}/complete`, { token });
    for (const client of [first, second]) {
      expect(await client.next("RescueSessionEnded")).toEqual({
        ending: { sessionId: rescue.sessionId, endReason: "completed" },
      });
      await client.next("StopFastLocation");
    }
    // Both lines lived on, so the end was heard.
    clock.leap(36_000);
    await own.restart();
    const again = await own.connectDevice(a);
    await aWhile();
    expect(again.received.filter(({ event }) => event.startsWith("Rescue"))).toEqual([]);
  });

  test("fast location does not run out, however long it lasts", async () => {
    const { rescuee, rescuer } = await aPair("long");
    await start("long", rescuee.id, rescuer.id);
    await Promise.all([rescuee.stop(), rescuer.stop()]);
    for (let minutes = 0; minutes < 65; minutes += 4) clock.leap(4 * 60_000);
    const back = await fleet.connectDevice({ deviceId: rescuee.id, accessToken: rescuee.token });
    const { durationSeconds } = await back.next("StartFastLocation");
    expect(durationSeconds).toBeGreaterThanOrEqual(300);
    expect(durationSeconds).toBeLessThanOrEqual(600);
    await back.next("RescueSessionStarted");
    await fleet.signIn("long");
  });

  test("a dispatcher's tighter wish goes first, and what the rescue asked for comes after it", async () => {
    const { rescuee, rescuer } = await aPair("both");
    const { token } = await fleet.account("both");
    const lease = (intervalSeconds: number, durationSeconds: number) =>
      fleet.rest(`POST /api/devices/${rescuee.id}/fast-location`, {
        token,
        body: { intervalSeconds, durationSeconds },
      });
    const { body } = await start("both", rescuee.id, rescuer.id);
    expect(await rescuee.next("StartFastLocation")).toEqual({ intervalSeconds: 2, durationSeconds: 600 });
    await lease(1, 10);
    expect(await rescuee.next("StartFastLocation")).toEqual({ intervalSeconds: 1, durationSeconds: 10 });
    clock.leap(10_000);
    const rest = await rescuee.next("StartFastLocation");
    expect(rest["intervalSeconds"]).toBe(2);
    expect([589, 590]).toContain(rest["durationSeconds"]);
    await lease(10, 100);
    await aWhile();
    expect(rescuee.count("StartFastLocation")).toBe(3);
    await end("both", body.sessionId, "complete");
    const after = await rescuee.next("StartFastLocation");
    expect(after["intervalSeconds"]).toBe(10);
    expect([99, 100]).toContain(after["durationSeconds"]);
    await rescuer.next("StopFastLocation");
    await aWhile();
    expect([rescuee.count("StopFastLocation"), rescuer.count("StopFastLocation")]).toEqual([0, 1]);
  });

  test("a dispatcher who takes fast location back leaves the rescue's own alone", async () => {
    const { rescuee, rescuer } = await aPair("keep");
    const { token } = await fleet.account("keep");
    await start("keep", rescuee.id, rescuer.id);
    expect((await fleet.rest(`DELETE /api/devices/${rescuee.id}/fast-location`, { token })).status).toBe(204);
    await aWhile();
    expect(rescuee.count("StopFastLocation")).toBe(0);
    const { body } = await fleet.rest(`GET /api/devices/${rescuee.id}/fast-location`, { token });
    expect(body).toMatchObject({ lease: { owner: "rescue", intervalSeconds: 2 } });
  });
});

describe("a rescue that ends", () => {
  test.each([
    ["complete", "completed"],
    ["cancel", "cancelled_by_dispatcher"],
  ] as const)("by %s is told once to every connection, and positions stop", async (how, endReason) => {
    const account = `ends-${how}`;
    const { rescuee, rescuer } = await aPair(account);
    const others = [await fleet.dashboard(account), await fleet.device({ account })];
    const { body: rescue } = await start(account, rescuee.id, rescuer.id);
    await rescuee.next("RescuePeerLocation");
    await rescuer.reportLocation({ lat: 1, lon: 1 });
    clock.leap(1_000);
    const { status, body } = await end(account, rescue.sessionId, how);
    expect([status, body]).toEqual([
      200,
      { ...rescue, endedUtc: expect.any(String), endReason, durationSeconds: expect.any(Number) },
    ]);
    expect(body.durationSeconds).toBe(
      Math.round((Date.parse(String(body.endedUtc)) - Date.parse(body.startedUtc)) / 1000),
    );
    const all = [rescuee, rescuer, ...others];
    await Promise.all(all.map((client) => client.next("RescueSessionEnded")));
    for (const van of [rescuee, rescuer]) await van.reportLocation({ lat: 2, lon: 2 });
    clock.leap(5_000);
    await aWhile();
    for (const client of all) {
      expect(heard(client, "RescueSessionEnded")).toEqual([{ sessionId: rescue.sessionId, endReason }]);
    }
    expect(latitudes(rescuee)).toEqual([41.39]);
    expect([rescuee.count("StopFastLocation"), rescuer.count("StopFastLocation")]).toEqual([1, 1]);
  });

  test("ends once: the same again answers the same, the other way is refused", async () => {
    const { rescuee, rescuer } = await aPair("once");
    const dashboard = await fleet.dashboard("once");
    const { body: rescue } = await start("once", rescuee.id, rescuer.id);
    const answers = await Promise.all(Array.from({ length: 4 }, () => end("once", rescue.sessionId, "complete")));
    expect(sortedStatuses(answers)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const refused = await end("once", rescue.sessionId, "cancel");
    expect([refused.status, refused.body]).toMatchObject([409, { code: "rescue-ended" }]);
    await aWhile();
    for (const client of [dashboard, rescuee, rescuer]) expect(client.count("RescueSessionEnded")).toBe(1);
    expect((await start("once", rescuer.id, rescuee.id)).status).toBe(201);
  });

  test("both ways at once ends one way", async () => {
    const { rescuee, rescuer } = await aPair("both-ways");
    const { body: rescue } = await start("both-ways", rescuee.id, rescuer.id);
    const answers = await Promise.all(
      (["complete", "cancel"] as const).map((how) => end("both-ways", rescue.sessionId, how)),
    );
    expect(sortedStatuses(answers)).toEqual([200, 409]);
    await rescuee.next("RescueSessionEnded");
    await aWhile();
    expect(rescuee.count("RescueSessionEnded")).toBe(1);
  });

  test("is heard by a phone that was away when it connects, once, also after a restart", async () => {
    await using own = await startFleet({ clock });
    const { token } = await own.account("north");
    const [a, b] = [await own.pair("north"), await own.pair("north")];
    const body = { rescueeDeviceId: a.deviceId, rescuerDeviceId: b.deviceId };
    const { body: rescue } = await own.rest<Rescue>("POST /api/rescues", { token, body });
    await own.rest(`POST /api/rescues/${rescue.sessionId}/cancel`, { token });
    const first = await own.connectDevice(a);
    const ending = { sessionId: rescue.sessionId, endReason: "cancelled_by_dispatcher" };
    expect(await first.next("RescueSessionEnded")).toEqual({ ending });
    // Its line was no dead one.
    clock.leap(36_000);
    await own.restart();
    const [again, other] = [await own.connectDevice(a), await own.connectDevice(b)];
    expect(await other.next("RescueSessionEnded")).toEqual({ ending });
    await aWhile();
    expect([again.count("RescueSessionEnded"), other.count("RescueSessionEnded")]).toEqual([0, 1]);
    expect(again.count("RescueSessionStarted") + other.count("RescueSessionStarted")).toBe(0);
  });

  test("that was told to a line that was dead is told again when the phone comes back", async () => {
    await using own = await startFleet({ clock });
    const { token } = await own.account("north");
    const [a, b] = [await own.pair("north"), await own.pair("north")];
    const dead = await own.connectDevice(a);
    const body = { rescueeDeviceId: a.deviceId, rescuerDeviceId: b.deviceId };
    const { body: rescue } = await own.rest<Rescue>("POST /api/rescues", { token, body });
    await own.rest(`POST /api/rescues/${rescue.sessionId}/complete`, { token });
    const back = await own.connectDevice(a);
    await dead.stop();
    expect(await back.next("RescueSessionEnded")).toEqual({
      ending: { sessionId: rescue.sessionId, endReason: "completed" },
    });
  });

  test("because one of the two is unbound is called off, the other hears it, and is free", async () => {
    const { rescuee, rescuer } = await aPair("unbind");
    const dashboard = await fleet.dashboard("unbind");
    const { token } = await fleet.account("unbind");
    const { body: rescue } = await start("unbind", rescuee.id, rescuer.id);
    expect((await fleet.rest(`DELETE /api/devices/${rescuee.id}`, { token })).status).toBe(204);
    const ending = { sessionId: rescue.sessionId, endReason: "cancelled_by_dispatcher" };
    for (const client of [rescuer, dashboard]) expect(await client.next("RescueSessionEnded")).toEqual({ ending });
    await rescuer.next("StopFastLocation");
    await aWhile();
    expect(dashboard.received.at(-1)?.event).toBe("DeviceRemoved");
    expect((await fleet.rest(`GET /api/rescues/${rescue.sessionId}`, { token })).body).toMatchObject(ending);
    const other = await fleet.pair("unbind");
    expect((await start("unbind", other.deviceId, rescuer.id)).status).toBe(201);
  });

  test("cannot be ended by another account, which does not know it", async () => {
    const { rescuee, rescuer } = await aPair("mine");
    const { body: rescue } = await start("mine", rescuee.id, rescuer.id);
    const { token } = await fleet.account("theirs");
    for (const request of ["GET", "complete", "cancel"]) {
      const of = (id: string) =>
        fleet.rest(request === "GET" ? `GET /api/rescues/${id}` : `POST /api/rescues/${id}/${request}`, { token });
      const foreign = await of(rescue.sessionId);
      expect(foreign.status).toBe(404);
      expect(withoutTraceId(foreign)).toBe(withoutTraceId(await of("3f2b8c1e-5a0d-4c57-9b7e-2d6f0a914c33")));
      for (const id of ["1", "nonsense", `${rescue.sessionId}0`]) expect((await of(id)).status).toBe(404);
    }
    expect((await fleet.rest<{ items: unknown[] }>("GET /api/rescues", { token })).body.items).toEqual([]);
  });

  test("leaves rows in the audit log of who started and who ended it", async () => {
    const { rescuee, rescuer } = await aPair("audit");
    const { id: accountId, auth } = await fleet.account("audit");
    const { body: rescue } = await start("audit", rescuee.id, rescuer.id);
    for (let times = 0; times < 2; times += 1) await end("audit", rescue.sessionId, "complete");
    const rows = await fleet.server.app.database.queries
      .selectFrom("audit")
      .select(["actor", "action", "entity_id"])
      .where("account_id", "=", accountId)
      .where("entity", "=", "rescue")
      .orderBy("id")
      .execute();
    const row = { actor: `user:${auth.user.id}`, entity_id: rescue.sessionId };
    expect(rows).toEqual([
      { ...row, action: "rescue.started" },
      { ...row, action: "rescue.completed" },
    ]);
  });
});

test("a dispatcher who starts and ends without end is told to wait, and another one is not", async () => {
  const { token } = await fleet.account("flooded");
  const answers = [];
  for (let count = 0; count < 70; count += 1) {
    answers.push(await fleet.rest("POST /api/rescues/3f2b8c1e-5a0d-4c57-9b7e-2d6f0a914c33/cancel", { token }));
  }
  expect(new Set(answers.slice(0, 60).map(({ status }) => status))).toEqual(new Set([404]));
  const last = answers.at(-1);
  expect([last?.status, last?.body]).toMatchObject([429, { code: "rate-limited" }]);
  expect(Number(last?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  const [a, b] = [await fleet.pair("calm"), await fleet.pair("calm")];
  expect((await start("calm", a.deviceId, b.deviceId)).status).toBe(201);
});

describe("the report of rescues", () => {
  test("shows them the latest first, page by page, open or ended, and of a time", async () => {
    const { token } = await fleet.account("report");
    const [a, b] = [await fleet.pair("report"), await fleet.pair("report")];
    const made: Rescue[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { body } = await start("report", a.deviceId, b.deviceId);
      clock.leap(60_000);
      made.unshift(count === 4 ? body : (await end("report", body.sessionId, "complete")).body);
    }
    const list = async (query: string) =>
      (await fleet.rest<{ items: Rescue[]; nextCursor: string | null }>(`GET /api/rescues?${query}`, { token })).body;
    expect(await list("")).toEqual({ items: made, nextCursor: null });
    expect(made[1]?.durationSeconds).toBeGreaterThanOrEqual(60);
    expect((await list("state=open")).items).toEqual(made.slice(0, 1));
    expect((await list("state=ended")).items).toEqual(made.slice(1));
    const seen: Rescue[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: { items: Rescue[]; nextCursor: string | null } = await list(
        `limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made);
    const [from, to] = [made[3]?.startedUtc, made[1]?.startedUtc];
    expect((await list(`from=${from}&to=${to}`)).items).toEqual(made.slice(2, 4));
  });

  test.each(["state=lost", "from=yesterday", "to=2026-01-01", "limit=0", "limit=201", "cursor=x"])(
    "refuses %s",
    async (query) => {
      const { token } = await fleet.account("report");
      const answer = await fleet.rest(`GET /api/rescues?${query}`, { token });
      expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
      expect(Object.keys(answer.body["errors"] as object)).toEqual([query.split("=")[0]]);
    },
  );
});

describe("who could come to the rescue", () => {
  type Page = { items: RescueCandidate[]; nextCursor: string | null };
  const candidates = async (account: string, rescueeDeviceId: number, query = "") => {
    const { token } = await fleet.account(account);
    return fleet.rest<Page>(`GET /api/rescues/candidates?rescueeDeviceId=${rescueeDeviceId}${query}`, { token });
  };

  test("is listed by distance: first those that nothing speaks against, then the others with what does", async () => {
    const place = async (name: string, lat: number, batteryPercent = 80) => {
      const van = await fleet.device({ account: "near", name }, hub);
      await van.reportLocation({ lat, lon: 2, batteryPercent });
      return van;
    };
    const old = await place("old", 41.0005);
    clock.leap(301_000);
    const rescuee = await place("rescuee", 41);
    const [far, near, low, busy, away] = [
      await place("far", 41.1),
      await place("near", 41.01),
      await place("low", 41.0001, 19),
      await place("busy", 41.0002),
      await place("away", 41.0003),
    ];
    const blind = await fleet.device({ account: "near", name: "blind" }, hub);
    const other = await fleet.pair("near", { name: "never" });
    await start("near", other.deviceId, busy.id);
    await away.stop();
    await aWhile();
    clock.leap(11_000);
    await aWhile();
    await fleet.connectDevice({ deviceId: old.id, accessToken: old.token }, hub);
    await fleet.device({ account: "elsewhere" });
    const { status, body } = await candidates("near", rescuee.id);
    expect(status).toBe(200);
    expect(body.items.map(({ name, eligible, reasons }) => [name, eligible, reasons])).toEqual([
      ["near", true, []],
      ["far", true, []],
      ["low", false, ["low-battery"]],
      ["busy", false, ["in-rescue"]],
      ["away", false, ["offline"]],
      ["old", false, ["old-position"]],
      ["blind", false, ["no-position"]],
      ["never", false, ["in-rescue", "offline", "no-position"]],
    ]);
    const [first, second] = body.items;
    expect(first).toEqual({
      deviceId: near.id,
      name: "near",
      distanceMeters: 1112,
      eligible: true,
      reasons: [],
      positionAgeSeconds: expect.any(Number),
      batteryLevelPercent: 80,
    });
    expect(first?.positionAgeSeconds).toBeLessThan(20);
    expect(second).toMatchObject({ deviceId: far.id, distanceMeters: 11120 });
    expect(body.items[5]?.positionAgeSeconds).toBeGreaterThan(300);
    expect(body.items.find(({ deviceId }) => deviceId === blind.id)).toMatchObject({
      distanceMeters: null,
      positionAgeSeconds: null,
    });
    expect(low.id).toBe(body.items[2]?.deviceId);

    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: Page = (await candidates("near", rescuee.id, `&limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`))
        .body;
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(body.items.map(({ name }) => name));
  });

  test("is refused for an unknown or foreign van, for none, and for nonsense", async () => {
    const foreign = await fleet.pair("asks-south");
    const { token } = await fleet.account("asks-north");
    const own = await fleet.pair("asks-north");
    const answers = [await candidates("asks-north", foreign.deviceId), await candidates("asks-north", 4_294_967_295)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    for (const query of ["", "?rescueeDeviceId=x", "?rescueeDeviceId=0", `?rescueeDeviceId=${own.deviceId}&cursor=1`]) {
      const answer = await fleet.rest(`GET /api/rescues/candidates${query}`, { token });
      expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
    }
  });
});
