import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile, type HubClient } from "../lib/hub-client.ts";
import { withoutTraceId } from "../lib/rest.ts";
import { sampleAt } from "../lib/samples.ts";

const clock = heldClock();
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** Often enough to be there still when time leaps. */
const hub = { pingEveryMs: 20 };

const path = (id: number) => `/api/devices/${id}/fast-location`;

async function ask(account: string, id: number, intervalSeconds: number, durationSeconds: number) {
  const { token } = await fleet.account(account);
  const body = { intervalSeconds, durationSeconds };
  return fleet.rest<{ expiresAt: string }>(`POST ${path(id)}`, { token, body });
}

async function stop(account: string, id: number) {
  const { token } = await fleet.account(account);
  return fleet.rest(`DELETE ${path(id)}`, { token });
}

async function leaseOf(account: string, id: number) {
  const { token } = await fleet.account(account);
  return (await fleet.rest<{ lease: Record<string, unknown> | null }>(`GET ${path(id)}`, { token })).body.lease;
}

const asked = (phone: HubClient) =>
  phone.received.filter(({ event }) => event === "StartFastLocation").map(({ args }) => args);

describe("a dispatcher who asks for fast location", () => {
  test("hears until when, and the phone hears it once; nobody else does", async () => {
    const van = await fleet.device({ account: "north" }, hub);
    const others = [
      await fleet.device({ account: "north" }),
      await fleet.dashboard("north"),
      await fleet.device({ account: "south" }),
    ];
    const before = clock.now();
    const answer = await ask("north", van.id, 2, 60);
    expect(answer.status).toBe(202);
    expect(Date.parse(answer.body.expiresAt)).toBeGreaterThanOrEqual(before + 60_000);
    expect(Date.parse(answer.body.expiresAt)).toBeLessThanOrEqual(clock.now() + 60_000);
    expect(await van.next("StartFastLocation")).toEqual({ intervalSeconds: 2, durationSeconds: 60 });
    await aWhile();
    expect(van.count("StartFastLocation")).toBe(1);
    for (const other of others) expect(other.count("StartFastLocation")).toBe(0);
  });

  test("and asks again replaces what was asked before", async () => {
    const van = await fleet.device({ account: "north" }, hub);
    await ask("north", van.id, 1, 3_600);
    const { body } = await ask("north", van.id, 60, 10);
    await aWhile();
    expect(asked(van)).toEqual([
      [1, 3_600],
      [60, 10],
    ]);
    expect(await leaseOf("north", van.id)).toMatchObject({ intervalSeconds: 60, expiresAt: body.expiresAt });
  });

  test("and takes it back ends it: the phone hears that once, and a second time there is nothing to end", async () => {
    const van = await fleet.device({ account: "north" }, hub);
    await ask("north", van.id, 2, 600);
    const answers = [await stop("north", van.id), await stop("north", van.id)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [204, ""],
      [204, ""],
    ]);
    await van.next("StopFastLocation");
    await aWhile();
    expect(van.received.find(({ event }) => event === "StopFastLocation")?.args).toEqual([]);
    expect(van.count("StopFastLocation")).toBe(1);
    expect(await leaseOf("north", van.id)).toBeNull();
  });

  test("leaves a row in the audit log, and one when it is taken back", async () => {
    const { id: accountId } = await fleet.account("audit");
    const { deviceId } = await fleet.pair("audit");
    await ask("audit", deviceId, 2, 600);
    await stop("audit", deviceId);
    await stop("audit", deviceId);
    const rows = await fleet.server.app.database.queries
      .selectFrom("audit")
      .select(["action", "entity_id"])
      .where("account_id", "=", accountId)
      .where("action", "like", "fast-location.%")
      .orderBy("id")
      .execute();
    expect(rows).toEqual(
      ["started", "stopped"].map((what) => ({ action: `fast-location.${what}`, entity_id: String(deviceId) })),
    );
  });

  test.each<[string, unknown, string]>([
    ["no interval", { durationSeconds: 60 }, "intervalSeconds"],
    ["an interval of zero", { intervalSeconds: 0, durationSeconds: 60 }, "intervalSeconds"],
    ["an interval above a minute", { intervalSeconds: 61, durationSeconds: 60 }, "intervalSeconds"],
    ["half a second", { intervalSeconds: 0.5, durationSeconds: 60 }, "intervalSeconds"],
    ["an interval as text", { intervalSeconds: "2", durationSeconds: 60 }, "intervalSeconds"],
    ["no duration", { intervalSeconds: 2 }, "durationSeconds"],
    ["a duration that is too short", { intervalSeconds: 2, durationSeconds: 9 }, "durationSeconds"],
    ["a duration above an hour", { intervalSeconds: 2, durationSeconds: 3_601 }, "durationSeconds"],
    ["null for a duration", { intervalSeconds: 2, durationSeconds: null }, "durationSeconds"],
    ["a field that is not known", { intervalSeconds: 2, durationSeconds: 60, now: true }, "now"],
  ])("with %s is refused, the field is named, and the phone hears nothing", async (_, body, field) => {
    const { token } = await fleet.account("bad");
    const { deviceId } = await fleet.pair("bad");
    const answer = await fleet.rest(`POST ${path(deviceId)}`, { token, body });
    expect([answer.status, answer.body["code"]]).toEqual([400, "invalid-request"]);
    expect(Object.keys(answer.body["errors"] as object)).toEqual([field]);
    expect(await leaseOf("bad", deviceId)).toBeNull();
  });

  test("of a device of another account hears the same as of one that nobody has", async () => {
    const { deviceId } = await fleet.pair("south");
    const { token } = await fleet.account("north");
    const body = { intervalSeconds: 2, durationSeconds: 60 };
    for (const [method, given] of [
      ["POST", { token, body }],
      ["DELETE", { token }],
      ["GET", { token }],
    ] as const) {
      const foreign = await fleet.rest(`${method} ${path(deviceId)}`, given);
      const unknown = await fleet.rest(`${method} ${path(4_294_967_295)}`, given);
      expect([foreign.status, foreign.body]).toMatchObject([404, { code: "not-found" }]);
      expect(withoutTraceId(foreign)).toBe(withoutTraceId(unknown));
    }
  });
});

describe("a phone", () => {
  test("that was away gets the seconds that remain when it connects, each time", async () => {
    const bound = await fleet.pair("away");
    await ask("away", bound.deviceId, 5, 60);
    clock.leap(20_000);
    const first = await fleet.connectDevice(bound);
    expect(await first.next("StartFastLocation")).toEqual({ intervalSeconds: 5, durationSeconds: 40 });
    await first.stop();
    clock.leap(25_000);
    const second = await fleet.connectDevice(bound);
    expect(await second.next("StartFastLocation")).toEqual({ intervalSeconds: 5, durationSeconds: 15 });
    await second.stop();
    clock.leap(16_000);
    const third = await fleet.connectDevice(bound);
    await aWhile();
    expect(third.received.filter(({ event }) => event.includes("FastLocation"))).toEqual([]);
  });

  test("counts by itself: when its time is over it hears nothing", async () => {
    const van = await fleet.device({ account: "expiry" }, hub);
    await ask("expiry", van.id, 5, 10);
    await van.next("StartFastLocation");
    clock.leap(10_100);
    await aWhile();
    expect(van.received.filter(({ event }) => event.includes("FastLocation"))).toHaveLength(1);
    expect(await leaseOf("expiry", van.id)).toBeNull();
  });

  test("that was away when it was taken back hears so when it connects, once", async () => {
    const bound = await fleet.pair("unheard");
    await ask("unheard", bound.deviceId, 5, 600);
    await (await fleet.connectDevice(bound)).stop();
    await aWhile();
    await stop("unheard", bound.deviceId);
    const back = await fleet.connectDevice(bound);
    await back.next("StopFastLocation");
    expect(back.count("StartFastLocation")).toBe(0);
    const again = await fleet.connectDevice(bound);
    await aWhile();
    expect(again.count("StopFastLocation")).toBe(0);
  });

  test("gets what remains after the server was restarted", async () => {
    await using own = await startFleet({ clock });
    const { token } = await own.account("north");
    const [runs, ended] = [await own.pair("north"), await own.pair("north")];
    const body = { intervalSeconds: 3, durationSeconds: 100 };
    for (const { deviceId } of [runs, ended]) await own.rest(`POST ${path(deviceId)}`, { token, body });
    await own.rest(`DELETE ${path(ended.deviceId)}`, { token });
    await own.restart();
    clock.leap(30_000);
    const van = await own.connectDevice(runs);
    const { durationSeconds, intervalSeconds } = await van.next("StartFastLocation");
    expect(intervalSeconds).toBe(3);
    expect([69, 70]).toContain(durationSeconds);
    const other = await own.connectDevice(ended);
    await aWhile();
    expect(other.count("StartFastLocation")).toBe(0);
    clock.leap(71_000);
    expect((await own.rest(`GET ${path(runs.deviceId)}`, { token: (await own.signIn("north")).token })).body).toEqual({
      lease: null,
    });
  });

  test("that obeys is shown as obeying; one that falls silent is asked again, ever more seldom", async () => {
    const van = await fleet.device({ account: "proof" }, hub);
    expect(await leaseOf("proof", van.id)).toBeNull();
    await ask("proof", van.id, 2, 300);
    expect(await leaseOf("proof", van.id)).toMatchObject({ owner: "dispatcher", lastReportAt: null, sign: "waiting" });

    const leapTo = async (ms: number) => {
      for (let left = ms; left > 0; left -= 5_000) {
        clock.leap(Math.min(5_000, left));
        await aWhile(40);
      }
    };
    await leapTo(10_500);
    expect(asked(van)).toEqual([
      [2, 300],
      [2, 290],
    ]);
    await van.reportLocation({ lat: 1, lon: 1 });
    const obeying = await leaseOf("proof", van.id);
    expect(obeying).toMatchObject({ sign: "obeying" });
    expect(clock.now() - Date.parse(String(obeying?.["lastReportAt"]))).toBeLessThan(2_000);

    for (let seconds = 0; seconds < 20; seconds += 4) {
      await leapTo(4_000);
      if (seconds === 8) await van.invoke("ReportSamples", [sampleAt(clock.now())]);
      else await van.reportLocation({ lat: 1, lon: 1 });
    }
    expect(van.count("StartFastLocation")).toBe(2);

    await leapTo(10_500);
    expect(van.count("StartFastLocation")).toBe(3);
    expect(await leaseOf("proof", van.id)).toMatchObject({ sign: "silent" });
    await leapTo(15_000);
    expect(van.count("StartFastLocation")).toBe(3);
    await leapTo(6_000);
    expect(van.count("StartFastLocation")).toBe(4);
    await van.stop();
    await aWhile();
    expect(await leaseOf("proof", van.id)).toMatchObject({ sign: "offline" });
  });

  test("that is unbound has no lease any more", async () => {
    const van = await fleet.device({ account: "unbound" }, hub);
    await ask("unbound", van.id, 1, 60);
    const { token } = await fleet.account("unbound");
    await fleet.rest(`DELETE /api/devices/${van.id}`, { token });
    await van.closed;
    expect((await fleet.rest(`GET ${path(van.id)}`, { token })).status).toBe(404);
    expect((await ask("unbound", van.id, 1, 60)).status).toBe(404);
    expect(van.count("StopFastLocation")).toBe(0);
  });
});
