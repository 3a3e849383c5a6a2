import { virtualClock } from "@dsp-fleet/fleet-client/testing";
import { describe, expect, test } from "vitest";
import type { DeviceState } from "./device-state.ts";
import type { Fix } from "./fix.ts";
import { modelServer } from "./testing/model-server.ts";
import { aPhone } from "./testing/phone.ts";

const minute = 60_000;

function aFix(atMs: number, number: number): Fix {
  return { atMs, lat: 41 + number / 1e5, lon: 2, batteryPercent: 80 };
}

async function aBoundPhone() {
  const clock = virtualClock();
  const server = modelServer();
  const phone = aPhone(clock, server, () => 0.5);
  await clock.advance(1_000);
  server.bind();
  await clock.advance(1_000);
  return { clock, server, phone };
}

describe("pairing", () => {
  test("a fresh phone shows the code of the server, and is connected once somebody entered it", async () => {
    const clock = virtualClock();
    const server = modelServer();
    const phone = aPhone(clock, server, () => 0.5);
    expect(phone.device.state).toEqual({ kind: "fresh" });
    await clock.advance(1_000);
    expect(phone.device.state).toMatchObject({ kind: "pairing", code: server.code });
    server.bind();
    await clock.advance(1_000);
    expect(phone.device.state).toMatchObject({ kind: "connected", device: { name: "Van 7" } });
  });

  test("the code is replaced before it runs out", async () => {
    const clock = virtualClock();
    const server = modelServer();
    const phone = aPhone(clock, server, () => 0.5);
    const shown: Extract<DeviceState, { kind: "pairing" }>[] = [];
    phone.device.onState((state) => state.kind === "pairing" && shown.push(state));
    await clock.advance(40 * minute);
    expect(shown.length).toBeGreaterThanOrEqual(4);
    for (const [index, next] of shown.slice(1).entries()) {
      expect(next.code).not.toBe(shown[index]?.code);
      expect(next.expiresAtMs - 10 * minute).toBeLessThan(shown[index]?.expiresAtMs ?? 0);
    }
  });

  test("a phone that was away while it was bound learns of it at its return", async () => {
    const clock = virtualClock();
    const server = modelServer();
    const phone = aPhone(clock, server, () => 0.5);
    await clock.advance(1_000);
    server.isUp = false;
    server.cutAll();
    await clock.advance(minute);
    server.bind();
    server.isUp = true;
    await clock.advance(minute);
    expect(phone.device.state.kind).toBe("connected");
  });

  test("without a server it waits, and asks again within a minute of the server's return", async () => {
    const clock = virtualClock();
    const server = modelServer();
    server.isUp = false;
    const phone = aPhone(clock, server, () => 0.99);
    await clock.advance(60 * minute);
    expect(phone.device.state.kind).toBe("fresh");
    server.isUp = true;
    await clock.advance(minute);
    expect(phone.device.state.kind).toBe("pairing");
  });

  test("the GUID is made once: it survives a crash, so that a code already given stays good", async () => {
    const clock = virtualClock();
    const server = modelServer();
    const phone = aPhone(clock, server, Math.random);
    await clock.advance(1_000);
    const before = await phone.disk.readIdentity();
    phone.crash();
    await clock.advance(1_000);
    expect(await phone.disk.readIdentity()).toEqual(before);
    expect(before?.deviceGuid).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe("reporting", () => {
  test("a fix is shown at once, and kept as a fact within fifteen seconds", async () => {
    const { clock, server, phone } = await aBoundPhone();
    void phone.device.report(aFix(clock.now(), 1));
    await clock.advance(200);
    expect(server.live).toEqual([{ lat: 41.00001, lon: 2 }]);
    expect(server.samples.size).toBe(0);
    await clock.advance(16_000);
    expect(server.samples.size).toBe(1);
    expect(await phone.disk.count()).toBe(0);
  });

  test("each fix costs one live call, and twenty cost one batch", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.log.length = 0;
    for (let number = 0; number < 20; number++) {
      void phone.device.report(aFix(clock.now(), number));
      await clock.advance(500);
    }
    expect(server.log.filter((entry) => entry === "L")).toHaveLength(20);
    expect(server.log.filter((entry) => entry === "S")).toHaveLength(1);
  });

  test("after a dead zone the fix of now goes before the backlog, and the newest of the backlog before the oldest", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.isUp = false;
    server.cutAll();
    for (let number = 0; number < 700; number++) {
      void phone.device.report(aFix(clock.now(), number));
      await clock.advance(5_000);
    }
    server.log.length = 0;
    server.isUp = true;
    void phone.device.report(aFix(clock.now(), 700));
    phone.network.online();
    await clock.advance(500);
    expect(server.log.slice(0, 2)).toEqual(["L", "S"]);
    expect(server.live.at(-1)).toEqual({ lat: 41.007, lon: 2 });
    const arrived = [...server.samples.keys()];
    expect(arrived.slice(0, 200)).toContain(arrived.toSorted().at(-1));
    await clock.advance(minute);
    expect(server.samples.size).toBe(701);
    expect(phone.device.counts).toMatchObject({ queued: 0, accepted: 701 });
  });

  test("a fix that is no longer of now is not shown as if it were", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.isUp = false;
    server.cutAll();
    void phone.device.report(aFix(clock.now(), 1));
    await clock.advance(5 * minute);
    server.isUp = true;
    await clock.advance(2 * minute);
    expect(server.live).toEqual([]);
    expect(server.samples.size).toBe(1);
  });

  test("an older fix that comes late is kept, but not shown over a newer one", async () => {
    const { clock, server, phone } = await aBoundPhone();
    void phone.device.report(aFix(clock.now(), 2));
    void phone.device.report(aFix(clock.now() - 5_000, 1));
    await clock.advance(20_000);
    expect(server.live).toEqual([{ lat: 41.00002, lon: 2 }]);
    expect(server.samples.size).toBe(2);
  });

  test("fixes that the server refuses leave the phone and are counted", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.rejects((sample) => sample.lat > 41.00001);
    void phone.device.report(aFix(clock.now(), 1));
    void phone.device.report(aFix(clock.now() + 1, 2));
    await clock.advance(20_000);
    expect(phone.device.counts).toMatchObject({ queued: 0, accepted: 1, rejected: 1 });
  });

  test("a batch without an answer does not stop the phone for good", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.setFates(() => "hangs");
    void phone.device.report(aFix(clock.now(), 1));
    await clock.advance(30_000);
    server.setFates(() => "answered");
    await clock.advance(2 * minute);
    expect(phone.device.counts).toMatchObject({ queued: 0, duplicates: 1 });
  });

  test("an answer that does not account for every fix lets none go", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.distortReceipt = () => ({ accepted: 0, duplicates: 0, rejected: [] });
    void phone.device.report(aFix(clock.now(), 1));
    await clock.advance(minute);
    expect(await phone.disk.count()).toBe(1);
    server.distortReceipt = () => "yes";
    await clock.advance(minute);
    expect(await phone.disk.count()).toBe(1);
    server.distortReceipt = null;
    await clock.advance(2 * minute);
    expect(await phone.disk.count()).toBe(0);
  });

  test("nothing is sent before it is on disk", async () => {
    const { clock, server, phone } = await aBoundPhone();
    phone.disk.append = () => new Promise(() => {});
    void phone.device.report(aFix(clock.now(), 1));
    await clock.advance(minute);
    expect(server.live).toEqual([]);
  });

  test("a full disk is told to the caller, and the live map goes on", async () => {
    const { clock, server, phone } = await aBoundPhone();
    phone.disk.append = () => Promise.reject(new Error("disk full"));
    const report = phone.device.report(aFix(clock.now(), 1));
    report.catch(() => {});
    await clock.advance(1_000);
    await expect(report).rejects.toThrow("disk full");
    expect(server.live).toHaveLength(1);
  });

  test("a live fix whose call was lost does not push out the newer one that waits", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.setFates(() => "request-lost");
    void phone.device.report(aFix(clock.now(), 1));
    await clock.advance(30);
    void phone.device.report(aFix(clock.now(), 2));
    await clock.advance(30);
    server.setFates(() => "answered");
    await clock.advance(5_000);
    expect(server.live.at(-1)).toEqual({ lat: 41.00002, lon: 2 });
  });

  test("while nobody owns the phone nothing is kept", async () => {
    const clock = virtualClock();
    const server = modelServer();
    const phone = aPhone(clock, server, () => 0.5);
    await clock.advance(1_000);
    expect(await phone.device.report(aFix(clock.now(), 1))).toBe("not-bound");
    expect(await phone.disk.count()).toBe(0);
  });

  test("side values that make no sense are left out, a fix without a position is refused", async () => {
    const { clock, server, phone } = await aBoundPhone();
    void phone.device.report({
      ...aFix(clock.now(), 1),
      speedMps: -1,
      headingDegrees: Number.NaN,
      accuracyMeters: 4.567,
    });
    await expect(phone.device.report({ ...aFix(clock.now(), 1), lat: Number.NaN })).rejects.toThrow(RangeError);
    await clock.advance(20_000);
    const [sample] = server.samples.values();
    expect(sample).toMatchObject({ accuracyMeters: 4.57 });
    expect(sample).not.toHaveProperty("speedMps");
    expect(sample).not.toHaveProperty("headingDegrees");
  });
});

describe("being let go", () => {
  test("an unbound phone says so and keeps nothing", async () => {
    const { clock, server, phone } = await aBoundPhone();
    void phone.device.report(aFix(clock.now(), 1));
    await clock.advance(100);
    server.unbind();
    await clock.advance(minute);
    expect(phone.device.state).toEqual({ kind: "unbound" });
    expect(await phone.disk.readIdentity()).toBeNull();
    expect(await phone.disk.count()).toBe(0);
    expect(await phone.device.report(aFix(clock.now(), 2))).toBe("not-bound");
  });

  test("started anew it is another phone with another GUID", async () => {
    const clock = virtualClock();
    const server = modelServer();
    const phone = aPhone(clock, server, Math.random);
    await clock.advance(1_000);
    const before = await phone.disk.readIdentity();
    server.bind();
    await clock.advance(1_000);
    server.unbind();
    await clock.advance(minute);
    await phone.device.stop();
    phone.device.start();
    await clock.advance(minute);
    expect(phone.device.state.kind).toBe("pairing");
    expect((await phone.disk.readIdentity())?.deviceGuid).not.toBe(before?.deviceGuid);
  });

  test("a 401 of somebody else on the way lets nothing go", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.isHubRefused = true;
    server.cutAll();
    await clock.advance(10 * minute);
    expect(phone.device.state.kind).toBe("offline");
    server.isHubRefused = false;
    await clock.advance(2 * minute);
    expect(phone.device.state.kind).toBe("connected");
  });

  test("a lost connection alone lets nothing go", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.isUp = false;
    server.cutAll();
    await clock.advance(60 * minute);
    expect(phone.device.state.kind).toBe("offline");
    server.isUp = true;
    await clock.advance(minute);
    expect(phone.device.state.kind).toBe("connected");
  });
});

test("a hub that has moved is found again under the address of the server", async () => {
  const { clock, server, phone } = await aBoundPhone();
  server.moveHub("http://elsewhere.test/hubs/fleet");
  await clock.advance(2 * minute);
  expect(phone.device.state).toMatchObject({
    kind: "connected",
    device: { signalREndpoint: "http://elsewhere.test/hubs/fleet" },
  });
});

describe("asked for its history", () => {
  /** Away for so many fixes, then back. */
  async function aPhoneFromADeadZone(fixes: number) {
    const all = await aBoundPhone();
    const { clock, server, phone } = all;
    server.isUp = false;
    server.cutAll();
    await clock.advance(1_000);
    for (let number = 0; number < fixes; number += 1)
      await keep(clock, phone, aFix(clock.now() - fixes + number, number));
    return all;
  }

  const keep = async (clock: ReturnType<typeof virtualClock>, phone: ReturnType<typeof aPhone>, fix: Fix) => {
    const kept = phone.device.report(fix);
    await clock.advance(20);
    expect(await kept).toBe("kept");
  };

  test("a phone sends all that it keeps, from the oldest on, and says when there is no more", async () => {
    const { clock, server, phone } = await aPhoneFromADeadZone(1_200);
    server.askForHistory(24);
    server.isUp = true;
    // The hub takes nothing, so that what arrives came this way.
    server.setFates((method) => (method === "ReportSamples" ? "fails" : "answered"));
    await clock.advance(minute);
    expect(server.log.filter((what) => what === "H")).toHaveLength(3);
    expect(server.samples.size).toBe(1_200);
    expect([...server.samples.keys()]).toEqual([...server.samples.keys()].toSorted());
    expect(server.finals).toBe(1);
    expect(phone.device.counts).toMatchObject({ queued: 0, accepted: 1_200 });
    expect(await phone.disk.count()).toBe(0);
  });

  test("a phone that keeps nothing says so", async () => {
    const { clock, server } = await aBoundPhone();
    server.askForHistory(1);
    await clock.advance(5_000);
    expect(server.finals).toBe(1);
  });

  test("a phone that is cut off goes on when it is asked at the next connect", async () => {
    const { clock, server, phone } = await aPhoneFromADeadZone(1_200);
    server.askForHistory(24);
    server.setFates((method) => (method === "historySync" ? "answer-lost" : "fails"));
    server.isUp = true;
    await clock.advance(10_000);
    expect(server.finals).toBe(0);
    server.cutAll();
    server.setFates((method) => (method === "ReportSamples" ? "fails" : "answered"));
    await clock.advance(2 * minute);
    expect(server.finals).toBe(1);
    expect(server.samples.size).toBe(1_200);
    expect(await phone.disk.count()).toBe(0);
  });

  test("a phone behind a proxy that lets the hub alone through sends its fixes there", async () => {
    const { clock, server, phone } = await aPhoneFromADeadZone(300);
    server.askForHistory(24);
    server.setFates((method) => (method === "historySync" ? "request-lost" : "answered"));
    server.isUp = true;
    await clock.advance(2 * minute);
    expect(server.samples.size).toBe(300);
    expect(await phone.disk.count()).toBe(0);
    expect(server.finals).toBe(0);
  });
});

describe("fast location", () => {
  test("the app hears the wish, and that it is over, without a word from the server", async () => {
    const { clock, server, phone } = await aBoundPhone();
    const heard: unknown[] = [];
    phone.device.onFastLocation((wish) => heard.push(wish));
    expect(phone.device.fastLocation).toBeNull();
    server.say("StartFastLocation", 2, 60);
    await clock.advance(100);
    const first = phone.device.fastLocation;
    expect(first).toMatchObject({ intervalSeconds: 2 });
    await clock.advance(59_000);
    expect(phone.device.fastLocation).toEqual(first);
    await clock.advance(1_000);
    expect(phone.device.fastLocation).toBeNull();
    expect(heard).toEqual([first, null]);
  });

  test("a new wish replaces the old, and one that is taken back is over at once", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.say("StartFastLocation", 2, 60);
    server.say("StartFastLocation", 5, 600);
    await clock.advance(120_000);
    expect(phone.device.fastLocation).toMatchObject({ intervalSeconds: 5 });
    server.say("StopFastLocation");
    server.say("StopFastLocation");
    await clock.advance(100);
    expect(phone.device.fastLocation).toBeNull();
  });

  test("is counted through a dead zone, and is over for a phone that was unbound", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.say("StartFastLocation", 2, 60);
    await clock.advance(100);
    server.isUp = false;
    server.cutAll();
    await clock.advance(30_000);
    expect(phone.device.fastLocation).not.toBeNull();
    await clock.advance(31_000);
    expect(phone.device.fastLocation).toBeNull();
    server.isUp = true;
    await clock.advance(minute);
    server.say("StartFastLocation", 2, 600);
    await clock.advance(100);
    expect(phone.device.fastLocation).not.toBeNull();
    server.unbind();
    await clock.advance(minute);
    expect([phone.device.state.kind, phone.device.fastLocation]).toEqual(["unbound", null]);
  });
});

describe("a rescue", () => {
  const startedUtc = "2026-06-01T08:00:00.000Z";
  const session = { sessionId: "one", rescueeDeviceId: 7, rescuerDeviceId: 9, startedUtc };
  const ownCopy = { ...session, yourRole: "rescuee", peerDeviceId: 9, peerDisplayName: "Van 9" };
  const at = (lat: number, atUtc: string, peerDeviceId = 9) => ({ peerDeviceId, lat, lon: 2, atUtc });

  test("of this phone is told to the app from its start to its end, with the newest position of the other", async () => {
    const { clock, server, phone } = await aBoundPhone();
    const heard: string[] = [];
    phone.device.onRescue((change) => heard.push(change.kind));
    server.say("RescueSessionStarted", ownCopy);
    server.say("RescuePeerLocation", at(41, "2026-06-01T08:00:01Z"));
    server.say("RescuePeerLocation", at(42, "2026-06-01T08:00:03Z"));
    server.say("RescuePeerLocation", at(40, "2026-06-01T08:00:02Z"));
    server.say("RescuePeerLocation", at(39, "2026-06-01T08:00:04Z", 8));
    await clock.advance(100);
    expect(phone.device.rescue).toEqual({
      sessionId: "one",
      startedAtMs: Date.parse(startedUtc),
      yourRole: "rescuee",
      peerDeviceId: 9,
      peerDisplayName: "Van 9",
      peer: { lat: 42, lon: 2, atMs: Date.parse("2026-06-01T08:00:03Z") },
    });
    server.say("RescueSessionEnded", { sessionId: "another", endReason: "completed" });
    await clock.advance(100);
    expect(phone.device.rescue).not.toBeNull();
    server.say("RescueSessionEnded", { sessionId: "one", endReason: "completed" });
    await clock.advance(100);
    expect(phone.device.rescue).toBeNull();
    expect(heard).toEqual(["started", "moved", "moved", "ended"]);
  });

  test("of others is none of this phone's", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.say("RescueSessionStarted", { ...session, rescueeDeviceId: 5 });
    await clock.advance(100);
    expect(phone.device.rescue).toBeNull();
  });

  test("is kept through a lost line, and told again at the return without losing the other's position", async () => {
    const { clock, server, phone } = await aBoundPhone();
    server.say("RescueSessionStarted", ownCopy);
    server.say("RescuePeerLocation", at(41, "2026-06-01T08:00:01Z"));
    await clock.advance(100);
    server.cutAll();
    await clock.advance(minute);
    server.say("RescueSessionStarted", ownCopy);
    await clock.advance(100);
    expect(phone.device.rescue).toMatchObject({ sessionId: "one", peer: { lat: 41 } });
    server.unbind();
    await clock.advance(minute);
    expect(phone.device.rescue).toBeNull();
  });
});
