import type { Zone, ZoneVisit } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile, type HubClient } from "../lib/hub-client.ts";
import { withoutTraceId } from "../lib/rest.ts";
import { sampleAt } from "../lib/samples.ts";
import { aCircle, drawZone } from "../lib/zones.ts";

let fleet: Fleet;
const clock = heldClock();
type Page = { items: ZoneVisit[]; nextCursor: string | null };
type Told = { deviceId: number; zoneId: number; enteredAt: string; leftAt: string | null; addedLate: boolean };

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const metersNorth = 1 / 111_195;
/** So many metres north of the middle of every zone here. */
const north = (meters: number) => ({ lat: 52 + meters * metersNorth, lon: 13 });
const minute = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

async function aDepot(account: string, radiusMeters = 200) {
  const zone = await drawZone(fleet, account, aCircle(52, 13, radiusMeters));
  return { zone, dashboard: await fleet.dashboard(account), van: await fleet.device({ account }) };
}

/** A depot that was drawn `minutes` ago, at `drawn`. */
async function anOldDepot(account: string, minutes: number) {
  const zone = await drawZone(fleet, account, aCircle(52, 13, 200));
  const drawn = clock.now();
  clock.leap(minutes * minute);
  await fleet.signIn(account);
  return { zone, drawn, dashboard: await fleet.dashboard(account), van: await fleet.device({ account }) };
}

/** The next visit of this device that is told. */
async function told(client: HubClient, deviceId: number, fits: (visit: Told) => boolean = () => true): Promise<Told> {
  const { visit } = await client.next("ZoneVisitChanged", ({ visit: one }) => {
    const visit = one as Told;
    return visit.deviceId === deviceId && fits(visit);
  });
  return visit as Told;
}

async function visitsOf(account: string, path: string): Promise<ZoneVisit[]> {
  const { token } = await fleet.account(account);
  const { status, body, text } = await fleet.rest<Page>(`GET ${path}`, { token });
  if (status !== 200) throw new Error(text);
  return body.items;
}

/** Lets what is to be written or made anew fall due. */
const settle = async () => {
  for (let second = 0; second < 8; second += 1) {
    clock.leap(1_000);
    await aWhile(20);
  }
};

describe("a device that drives into a zone and out of it", () => {
  test("is told to its account live, and is listed by zone and by device", async () => {
    const { zone, dashboard, van } = await aDepot("live");
    const stranger = await fleet.dashboard("stranger");
    await drawZone(fleet, "stranger", aCircle(52, 13));
    await van.reportLocation(north(800));
    clock.leap(minute);
    await van.reportLocation(north(0));
    const entered = await told(dashboard, van.id);
    expect(entered).toEqual({
      deviceId: van.id,
      zoneId: zone.id,
      enteredAt: expect.stringMatching(/Z$/),
      leftAt: null,
      addedLate: false,
    });
    expect(await visitsOf("live", `/api/zones/${zone.id}/visits`)).toEqual([
      { ...entered, zoneName: "Depot", dwellSeconds: null },
    ]);
    clock.leap(5 * minute);
    await van.reportLocation(north(800));
    const left = await told(dashboard, van.id);
    expect(left).toEqual({ ...entered, leftAt: expect.stringMatching(/Z$/) });
    const [visit] = await visitsOf("live", `/api/devices/${van.id}/zone-visits`);
    expect(visit).toMatchObject(left);
    expect(visit?.dwellSeconds).toBeCloseTo((Date.parse(left.leftAt ?? "") - Date.parse(left.enteredAt)) / 1_000, 3);
    expect(visit?.dwellSeconds).toBeGreaterThanOrEqual(300);
    await aWhile();
    expect(stranger.count("ZoneVisitChanged")).toBe(0);
  });

  test("does not flap while it stands at the edge", async () => {
    const { zone, dashboard, van } = await aDepot("edge");
    await van.reportLocation(north(190));
    await told(dashboard, van.id);
    for (let time = 0; time < 20; time += 1) {
      clock.leap(10_000);
      await van.reportLocation(north(time % 2 === 0 ? 220 : 185));
    }
    clock.leap(10_000);
    await van.reportLocation(north(260));
    await told(dashboard, van.id, ({ leftAt }) => leftAt !== null);
    expect(dashboard.count("ZoneVisitChanged")).toBe(2);
    expect(await visitsOf("edge", `/api/zones/${zone.id}/visits`)).toHaveLength(1);
  });

  test("is believed after a jump that lasts, and not after one that comes back", async () => {
    const { zone, dashboard, van } = await aDepot("jump");
    await van.reportLocation(north(50_000));
    clock.leap(2_000);
    await van.reportLocation(north(0));
    clock.leap(2_000);
    await van.reportLocation(north(50_000));
    clock.leap(5_000);
    await van.reportLocation(north(50_040));
    await settle();
    expect(await visitsOf("jump", `/api/zones/${zone.id}/visits`)).toEqual([]);
    expect(dashboard.count("ZoneVisitChanged")).toBe(0);
    await van.reportLocation(north(0));
    clock.leap(7_000);
    await told(dashboard, van.id, ({ leftAt }) => leftAt === null);
  });
});

describe("fixes that come late", () => {
  test("add the visit that nobody saw, as added late, whatever their order", async () => {
    const { zone, dashboard, van, drawn: started } = await anOldDepot("late", 60);
    await van.reportLocation(north(5_000));
    const at = (minutes: number, meters: number) =>
      sampleAt(started + minutes * minute, north(meters).lat, north(meters).lon);
    await van.invoke("ReportSamples", [at(40, 900), at(20, 0)]);
    await van.invoke("ReportSamples", [at(10, 800), at(30, 50), at(20, 0)]);
    clock.leap(3_000);
    const visit = await told(dashboard, van.id, ({ leftAt }) => leftAt !== null);
    expect(visit).toEqual({
      deviceId: van.id,
      zoneId: zone.id,
      enteredAt: iso(started + 20 * minute),
      leftAt: iso(started + 40 * minute),
      addedLate: true,
    });
    expect(await visitsOf("late", `/api/devices/${van.id}/zone-visits`)).toEqual([
      { ...visit, zoneName: "Depot", dwellSeconds: 1_200 },
    ]);
    const before = dashboard.count("ZoneVisitChanged");
    await van.invoke("ReportSamples", [at(10, 800), at(20, 0), at(30, 50), at(40, 900)]);
    await settle();
    expect(dashboard.count("ZoneVisitChanged")).toBe(before);
  });

  test("by history-sync move the beginning of a visit that was seen live, and cut it where the van was away", async () => {
    const { zone, dashboard, van, drawn: started } = await anOldDepot("cut", 60);
    await van.reportLocation(north(0));
    const live = await told(dashboard, van.id);
    expect(live.addedLate).toBe(false);
    const at = (minutes: number, meters: number) =>
      sampleAt(started + minutes * minute, north(meters).lat, north(meters).lon);
    const samples = [at(10, 900), at(20, 0), at(30, 900), at(45, 0)];
    const sync = await fleet.rest("POST /api/devices/history-sync", {
      token: van.token,
      body: { samples, final: true },
    });
    expect(sync.status).toBe(200);
    clock.leap(3_000);
    await told(dashboard, van.id, ({ leftAt }) => leftAt === null);
    const visits = await visitsOf("cut", `/api/zones/${zone.id}/visits`);
    expect(visits.map(({ enteredAt, leftAt, addedLate }) => [enteredAt, leftAt, addedLate])).toEqual([
      [iso(started + 45 * minute), null, true],
      [iso(started + 20 * minute), iso(started + 30 * minute), true],
    ]);
    // The live one is not there any more: what was told overlaps it and so takes its place.
    expect(visits.map(({ enteredAt }) => enteredAt)).not.toContain(live.enteredAt);
  });

  test("of a phone that tells only by samples show a visit within seconds, as news", async () => {
    const { dashboard, van } = await anOldDepot("samples", 1);
    await van.invoke("ReportSamples", [sampleAt(clock.now() - 30_000, north(800).lat, 13)]);
    await van.invoke("ReportSamples", [sampleAt(clock.now() - 1_000, 52, 13)]);
    clock.leap(3_000);
    expect(await told(dashboard, van.id)).toMatchObject({ leftAt: null, addedLate: false });
  });
});

describe("a visit that is going on", () => {
  test("goes on over a restart, and is told no second time", async () => {
    const { zone, dashboard, van } = await aDepot("restart");
    await van.reportLocation(north(0));
    const entered = await told(dashboard, van.id);
    const { deviceId, accessToken } = { deviceId: van.id, accessToken: van.token };
    await fleet.restart();
    const after = await fleet.dashboard("restart");
    const again = await fleet.connectDevice({ deviceId, accessToken });
    clock.leap(minute);
    await again.reportLocation(north(20));
    await settle();
    expect(after.count("ZoneVisitChanged")).toBe(0);
    await again.reportLocation(north(900));
    expect(await told(after, deviceId)).toMatchObject({ zoneId: zone.id, enteredAt: entered.enteredAt });
    expect(await visitsOf("restart", `/api/devices/${deviceId}/zone-visits`)).toHaveLength(1);
  });

  test("ends with its zone, and stays with its device", async () => {
    const { zone, dashboard, van } = await aDepot("deleted");
    await van.reportLocation(north(0));
    await told(dashboard, van.id);
    const { token } = await fleet.account("deleted");
    await fleet.rest(`DELETE /api/zones/${zone.id}`, { token });
    const closed = await told(dashboard, van.id);
    expect(closed.leftAt).not.toBeNull();
    expect(dashboard.received.map(({ event }) => event).filter((event) => event.startsWith("Zone"))).toEqual([
      "ZoneVisitChanged",
      "ZoneDeleted",
      "ZoneVisitChanged",
    ]);
    expect(await visitsOf("deleted", `/api/devices/${van.id}/zone-visits`)).toMatchObject([closed]);
    await van.reportLocation(north(0));
    await settle();
    expect(dashboard.count("ZoneVisitChanged")).toBe(2);
  });

  test("is judged by the new shape of its zone at the next fix", async () => {
    const { zone, dashboard, van } = await aDepot("redrawn", 2_000);
    await van.reportLocation(north(500));
    await told(dashboard, van.id);
    const { token } = await fleet.account("redrawn");
    await fleet.rest<Zone>(`PUT /api/zones/${zone.id}`, { token, body: aCircle(52, 13, 100) });
    await settle();
    expect(dashboard.count("ZoneVisitChanged")).toBe(1);
    await van.reportLocation(north(500));
    expect((await told(dashboard, van.id)).leftAt).not.toBeNull();
  });

  test("begins at the next fix of a van that stands where a zone is drawn", async () => {
    const van = await fleet.device({ account: "drawn" });
    const dashboard = await fleet.dashboard("drawn");
    await van.reportLocation(north(0));
    await drawZone(fleet, "drawn", aCircle(52, 13));
    await settle();
    expect(dashboard.count("ZoneVisitChanged")).toBe(0);
    await van.reportLocation(north(0));
    await told(dashboard, van.id, ({ leftAt }) => leftAt === null);
  });

  test("ends when its device is unbound", async () => {
    const { zone, dashboard, van } = await aDepot("unbound");
    await van.reportLocation(north(0));
    await told(dashboard, van.id);
    const { token } = await fleet.account("unbound");
    await fleet.rest(`DELETE /api/devices/${van.id}`, { token });
    const closed = await told(dashboard, van.id);
    expect(await visitsOf("unbound", `/api/zones/${zone.id}/visits`)).toMatchObject([closed]);
    expect(closed.leftAt).not.toBeNull();
  });
});

describe("the list of visits", () => {
  test("comes a page at a time, by time and by dwell", async () => {
    const { zone, dashboard, van, drawn: started } = await anOldDepot("pages", 180);
    const samples = Array.from({ length: 5 }, (_, i) => [
      sampleAt(started + (i * 30 + 10) * minute, 52, 13),
      sampleAt(started + (i * 30 + 11 + i) * minute, north(900).lat, 13),
    ]).flat();
    await van.invoke("ReportSamples", samples);
    clock.leap(3_000);
    for (let count = 0; count < 5; count += 1) await told(dashboard, van.id);
    const { token } = await fleet.account("pages");
    for (const path of [`/api/zones/${zone.id}/visits`, `/api/devices/${van.id}/zone-visits`]) {
      const list = async (query: string) => (await fleet.rest<Page>(`GET ${path}?${query}`, { token })).body;
      const seen: ZoneVisit[] = [];
      let cursor: string | null = null;
      do {
        const page: Page = await list(`limit=2${cursor === null ? "" : `&cursor=${cursor}`}`);
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen.map(({ dwellSeconds }) => dwellSeconds)).toEqual([300, 240, 180, 120, 60]);
      const between = `from=${iso(started + 41.5 * minute)}&to=${iso(started + 70 * minute)}`;
      expect((await list(between)).items.map(({ dwellSeconds }) => dwellSeconds)).toEqual([180, 120]);
      expect((await list("minDwellSeconds=200")).items).toHaveLength(2);
      expect((await list("cursor=nonsense")) as unknown).toMatchObject({ code: "invalid-request" });
    }
  });

  test("of another account is that of a thing that does not exist", async () => {
    const { zone, van } = await aDepot("mine");
    const { token } = await fleet.signIn("stranger");
    for (const [own, absent] of [
      [`/api/zones/${zone.id}/visits`, "/api/zones/4294967295/visits"],
      [`/api/devices/${van.id}/zone-visits`, "/api/devices/4294967295/zone-visits"],
    ]) {
      const foreign = await fleet.rest(`GET ${own}`, { token });
      expect(foreign.status).toBe(404);
      expect(withoutTraceId(foreign)).toBe(withoutTraceId(await fleet.rest(`GET ${absent}`, { token })));
    }
  });
});
