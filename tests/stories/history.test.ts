import type { Stop, Track, Trip } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";

let fleet: Fleet;
const clock = heldClock();
const minute = 60_000;
const day = 24 * 60 * minute;

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

type Bound = { deviceId: number; accessToken: string };
const iso = (ms: number) => new Date(ms).toISOString();
const northDegrees = 1 / 111_195;

/** A sample `north` metres from where the van began. */
const at = (ms: number, north = 0) => ({ atUtc: iso(ms), lat: 52 + north * northDegrees, lon: 13 });

/** Stands 10 minutes, drives 10 minutes at 10 m/s, stands 10 minutes: a sample each 5 s. */
const aDelivery = (fromMs: number) =>
  Array.from({ length: 361 }, (_, index) => {
    const seconds = index * 5;
    return at(fromMs + seconds * 1_000, Math.min(Math.max(0, seconds - 600), 600) * 10);
  });

async function keep({ accessToken }: Bound, samples: object[]) {
  const answer = await fleet.rest("POST /api/devices/history-sync", { token: accessToken, body: { samples } });
  expect(answer).toMatchObject({ status: 200, body: { rejected: [] } });
}

async function ask<T = Track>(account: string, path: string) {
  const { token } = await fleet.account(account);
  return fleet.rest<T>(`GET ${path}`, { token });
}

const history = (account: string, deviceId: number, query = "") =>
  ask(account, `/api/devices/${deviceId}/history${query}`);

describe("the history of a device", () => {
  test("is its track of a range, with gaps marked", async () => {
    const van = await fleet.pair("north", { name: "Van 12" });
    const begin = clock.now() - 3 * 60 * minute;
    const times = [0, 5, 10, 310, 611, 616].map((seconds) => begin + seconds * 1_000);
    await keep(
      van,
      times.map((ms, index) => at(ms, index * 10)),
    );
    const range = `?from=${iso(begin)}&to=${iso(begin + 616_000)}`;
    const { status, body, headers } = await history("north", van.deviceId, range);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(headers.get("content-disposition")).toBeNull();
    expect(body).toMatchObject({
      deviceId: van.deviceId,
      name: "Van 12",
      from: iso(begin),
      to: iso(begin + 616_000),
      total: 5,
      gaps: [{ from: iso(times[3] ?? 0), to: iso(times[4] ?? 0) }],
    });
    expect(body.points.map(({ atUtc }) => atUtc)).toEqual(times.slice(0, 5).map(iso));
    expect(body.points.map(({ gapBefore }) => gapBefore)).toEqual([false, false, false, false, true]);
    expect(body.points[1]).toEqual({
      ...at(times[1] ?? 0, 10),
      accuracyMeters: null,
      speedMps: null,
      headingDegrees: null,
      altitudeMeters: null,
      batteryPercent: null,
      isLive: false,
      outlier: false,
      gapBefore: false,
    });
  });

  test("has a live fix as soon as it was reported, and the sample in its place once that came", async () => {
    const van = await fleet.device({ account: "north" });
    await van.reportLocation({ lat: 1, lon: 1 });
    const before = clock.now();
    clock.leap(1_000);
    expect((await history("north", van.id)).body.points).toMatchObject([{ lat: 1, isLive: true }]);
    await keep({ deviceId: van.id, accessToken: van.token }, [{ ...at(before - 200), lat: 1.0001, lon: 1 }]);
    expect((await history("north", van.id)).body.points).toMatchObject([{ lat: 1.0001, isLive: false }]);
  });

  test("says by how much the phone's clock runs ahead", async () => {
    const van = await fleet.pair("north");
    await keep(van, [at(clock.now() - 10 * minute), at(clock.now() + minute)]);
    clock.leap(2 * minute);
    const { clockSkewMs } = (await history("north", van.deviceId)).body;
    expect(clockSkewMs).toBeLessThan(-50_000);
    expect(clockSkewMs).toBeGreaterThan(-70_000);
  });

  test("of a day is that of the account's day: in Berlin it begins an hour or two before that of UTC", async () => {
    const van = await fleet.pair("north");
    const date = iso(clock.now() - 3 * day).slice(0, 10);
    const utcMidnight = Date.parse(`${date}T00:00:00Z`);
    const { body } = await history("north", van.deviceId, `?day=${date}`);
    const begin = Date.parse(body.from);
    expect([1, 2]).toContain((utcMidnight - begin) / (60 * minute));
    await keep(van, [at(begin - 1), at(begin), at(Date.parse(body.to) - 1), at(Date.parse(body.to))]);
    const points = (await history("north", van.deviceId, `?day=${date}`)).body.points.map(({ atUtc }) => atUtc);
    expect(points).toEqual([body.from, iso(Date.parse(body.to) - 1)]);
  });

  test("in few points has the first, the last, and where the van stood", async () => {
    const van = await fleet.pair("north");
    const begin = clock.now() - 60 * minute;
    await keep(van, aDelivery(begin));
    const { body } = await history("north", van.deviceId, `?from=${iso(begin)}&maxPoints=4`);
    expect(body.points.map(({ atUtc }) => (Date.parse(atUtc) - begin) / 1_000)).toEqual([0, 600, 1_200, 1_800]);
    expect(body.total).toBe(361);
  });

  test("goes on over many pages, each fix once and in order", async () => {
    const van = await fleet.pair("north");
    const begin = clock.now() - 3 * 60 * minute;
    const all = Array.from({ length: 6_001 }, (_, index) => at(begin + index * 1_000, index));
    for (let from = 0; from < all.length; from += 2_000) await keep(van, all.slice(from, from + 2_000));
    const { body } = await history("north", van.deviceId, `?from=${iso(begin)}`);
    expect(body.points.map(({ atUtc }) => atUtc)).toEqual(all.map(({ atUtc }) => atUtc));
  });

  test.each([
    ["gpx", "application/gpx+xml", /^<\?xml .*<gpx version="1\.1".*<\/gpx>\n$/s],
    ["kml", "application/vnd.google-earth.kml+xml", /^<\?xml .*<kml .*<\/kml>\n$/s],
    ["csv", "text/csv", /^time_utc,.*\r\n$/s],
    ["geojson", "application/geo+json", /^\{"type":"FeatureCollection".*\}\n$/s],
  ])("can be saved as %s, under a name that says whose and when", async (format, type, whole) => {
    const van = await fleet.pair("north", { name: "Bäcker/7" });
    const begin = Date.parse("2026-11-01T08:00:00Z");
    const range = `?from=${iso(begin)}&to=${iso(begin + 60 * minute)}&format=${format}`;
    const { status, headers, text } = await history("north", van.deviceId, range);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe(`${type}; charset=utf-8`);
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="Backer7-2026-11-01T0800-2026-11-01T0900.${format}"; filename*=UTF-8''B%C3%A4cker-7%202026-11-01T0800%202026-11-01T0900.${format}`,
    );
    expect(text).toMatch(whole);
  });

  test("of a phone that was unbound stays the account's, and nobody else's", async () => {
    const van = await fleet.pair("north");
    await keep(van, [at(clock.now() - minute)]);
    const { token } = await fleet.account("north");
    await fleet.rest(`DELETE /api/devices/${van.deviceId}`, { token });
    expect((await history("north", van.deviceId)).body.points).toHaveLength(1);
    for (const path of ["history", "trips", "stops"]) {
      expect(await ask("south", `/api/devices/${van.deviceId}/${path}`)).toMatchObject({
        status: 404,
        body: { code: "not-found" },
      });
    }
  });

  test.each([
    ["?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "from", "must not be after to"],
    ["?from=2099-01-01T00:00:00Z", "from", "must not be in the future"],
    ["?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:01Z", "from", "must be at most 31 days before to"],
    ["?from=2026-11-02", "from", "must be a UTC time such as 2026-01-31T12:00:00Z"],
    ["?from=2026-11-02T00:00:00%2B01:00", "from", "must be a UTC time such as 2026-01-31T12:00:00Z"],
    ["?day=2026-02-30", "day", expect.any(String)],
    ["?day=2026-11-02&to=2026-11-02T00:00:00Z", "day", "cannot go together with from or to"],
    ["?maxPoints=1", "maxPoints", "must be at least 2"],
    ["?maxPoints=20001", "maxPoints", "must be at most 20000"],
    ["?format=xlsx", "format", "must be one of json, gpx, csv, geojson, kml"],
  ])("asked for by %s is refused in words", async (query, field, words) => {
    const van = await fleet.pair("words");
    expect(await history("words", van.deviceId, query)).toMatchObject({
      status: 400,
      body: { code: "invalid-request", errors: { [field]: [words] } },
    });
  });
});

describe("trips and stops", () => {
  test("heal when what was missing comes, and say that it came late", async () => {
    const van = await fleet.pair("heal");
    const begin = clock.now() - 60 * minute;
    const samples = aDelivery(begin);
    const isMissing = (_: object, index: number) => index > 130 && index < 230;
    const query = `?from=${iso(begin)}`;
    const read = async <T>(what: string) =>
      (await ask<{ items: T[]; nextCursor: null }>("heal", `/api/devices/${van.deviceId}/${what}${query}`)).body.items;

    await keep(
      van,
      samples.filter((sample, index) => !isMissing(sample, index)),
    );
    expect(await read<Trip>("trips")).toMatchObject([{ gapSeconds: 500 }]);
    await keep(van, samples.filter(isMissing));
    const [trip, ...none] = await read<Trip>("trips");
    expect(none).toEqual([]);
    expect(trip).toMatchObject({ gapSeconds: 0, addedLate: true, ongoing: false });
    expect(trip?.distanceMeters).toBeGreaterThan(5_850);
    expect(trip?.distanceMeters).toBeLessThan(6_010);
    const stops = await read<Stop>("stops");
    expect(stops).toMatchObject([{ startedAt: iso(begin) }, { endedAt: iso(begin + 1_800_000) }]);
    expect(trip).toMatchObject({ startedAt: stops[0]?.endedAt, endedAt: stops[1]?.startedAt });
  });

  test("of now go on", async () => {
    const van = await fleet.pair("ongoing");
    const begin = clock.now() - 30 * minute;
    await keep(van, aDelivery(begin).slice(0, -1));
    const { body } = await ask<{ items: Stop[] }>("ongoing", `/api/devices/${van.deviceId}/stops?from=${iso(begin)}`);
    expect(body.items.map(({ ongoing }) => ongoing)).toEqual([false, true]);
  });

  test("come a page at a time", async () => {
    const van = await fleet.pair("pages");
    const begin = clock.now() - 60 * minute;
    await keep(van, aDelivery(begin));
    type Page = { items: Stop[]; nextCursor: string | null };
    const path = `/api/devices/${van.deviceId}/stops?from=${iso(begin)}&limit=1`;
    const first = (await ask<Page>("pages", path)).body;
    const second = (await ask<Page>("pages", `${path}&cursor=${first.nextCursor}`)).body;
    expect(first.items).toHaveLength(1);
    expect(second).toMatchObject({ items: [{ ongoing: false }], nextCursor: null });
    expect(second.items[0]?.startedAt).not.toBe(first.items[0]?.startedAt);
    expect(await ask("pages", `${path}&cursor=x`)).toMatchObject({ status: 400 });
  });
});

describe("the fleet at a moment", () => {
  type FleetAt = { time: string; devices: { deviceId: number; lat: number | null; ageSeconds: number | null }[] };
  const fleetAt = async (account: string, ms?: number) =>
    (await ask<FleetAt>(account, `/api/fleet/at${ms === undefined ? "" : `?time=${iso(ms)}`}`)).body;

  test("has every device that was bound then, where it was last, and how long before", async () => {
    const a = await fleet.pair("moment", { name: "A" });
    const b = await fleet.pair("moment", { name: "B" });
    clock.leap(60 * minute);
    await fleet.signIn("moment");
    const c = await fleet.pair("moment", { name: "C" });
    const now = clock.now();
    await keep(a, [at(now - 50 * minute, 1), at(now - 40 * minute, 2), at(now - 30 * minute, 3)]);
    await keep(b, [at(now - 20 * minute, 9)]);
    expect(await fleetAt("moment", now - 35 * minute)).toEqual({
      time: iso(now - 35 * minute),
      devices: [
        {
          deviceId: a.deviceId,
          name: "A",
          identifier: null,
          ...at(now - 40 * minute, 2),
          ageSeconds: 300,
        },
        { deviceId: b.deviceId, name: "B", identifier: null, lat: null, lon: null, atUtc: null, ageSeconds: null },
      ],
    });
    // A fix of the very moment counts.
    expect((await fleetAt("moment", now - 30 * minute)).devices[0]).toMatchObject({ ageSeconds: 0 });
    const { token } = await fleet.account("moment");
    await fleet.rest(`DELETE /api/devices/${b.deviceId}`, { token });
    clock.leap(1_000);
    expect((await fleetAt("moment")).devices.map(({ deviceId }) => deviceId)).toEqual([a.deviceId, c.deviceId]);
    expect((await fleetAt("moment", now - 10 * minute)).devices.map(({ deviceId }) => deviceId)).toEqual([
      a.deviceId,
      b.deviceId,
    ]);
  });

  test("has nothing of another account", async () => {
    expect((await fleetAt("elsewhere")).devices).toEqual([]);
  });
});
