import type { Zone } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";
import { aCircle, aSquare, drawZone } from "../lib/zones.ts";

let fleet: Fleet;
type Collection = { type: string; features: { geometry: unknown; properties: Record<string, unknown> }[] };
type Zones = { items: Zone[] };

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const feature = (geometry: unknown, properties: Record<string, unknown> | null = {}) => ({
  type: "Feature",
  geometry,
  properties,
});
const collection = (...features: unknown[]) => ({ type: "FeatureCollection", features });
const { geometry: square } = aSquare(41, 2);
const { geometry: point } = aCircle(41, 2);

async function importInto(account: string, body: unknown) {
  const { token } = await fleet.account(account);
  return fleet.rest<Zones>("POST /api/zones/import", { token, body });
}

const zonesOf = async (account: string) => {
  const { token } = await fleet.account(account);
  return (await fleet.rest<Zones>("GET /api/zones", { token })).body.items;
};

describe("zones as a file", () => {
  test("leave as GeoJSON and come back as they were, into any account", async () => {
    await drawZone(fleet, "from", aCircle(41.1, 2.1, 75.5, { name: "Käse & Co", speedLimitKmh: 12.5 }));
    await drawZone(fleet, "from", aSquare(41, 2, 0.02, { kind: "restricted", color: "#000000" }));
    const { token } = await fleet.account("from");
    const file = await fleet.rest<Collection>("GET /api/zones/export", { token });
    expect(file.headers.get("content-type")).toBe("application/geo+json; charset=utf-8");
    expect(file.body).toMatchObject({
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          geometry: { type: "Point", coordinates: [2.1, 41.1] },
          properties: { name: "Käse & Co", kind: "depot", color: "#cc2200", radiusMeters: 75.5, speedLimitKmh: 12.5 },
        },
        { geometry: { type: "Polygon" }, properties: { kind: "restricted", radiusMeters: null, speedLimitKmh: null } },
      ],
    });
    const back = await importInto("to", file.text);
    expect(back.status).toBe(201);
    const { token: other } = await fleet.account("to");
    const again = await fleet.rest<Collection>("GET /api/zones/export", { token: other });
    const withoutIds = ({ body }: { body: Collection }) =>
      body.features.map(({ geometry, properties }) => ({ geometry, properties }));
    expect(withoutIds(again)).toEqual(withoutIds(file));
  });

  test("that other programs wrote get defaults for what they do not say", async () => {
    const answer = await importInto("plain", {
      ...collection(
        feature(square, null),
        feature(point, { name: "Café", amenity: "cafe", fill: "#00ff00", stroke: "red", "marker-size": 3 }),
        feature({ type: "MultiPolygon", coordinates: [square.coordinates] }, { name: "", stroke: "#ABCDEF" }),
      ),
      name: "drawing",
      crs: { type: "name", properties: { name: "urn:ogc:def:crs:OGC:1.3:CRS84" } },
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body.items).toMatchObject([
      { name: "Zone 1", kind: "other", color: "#1f77b4", radiusMeters: null, speedLimitKmh: null, version: 1 },
      { name: "Café", color: "#00ff00", radiusMeters: 100, geometry: point },
      { name: "Zone 3", color: "#abcdef", geometry: { type: "Polygon" } },
    ]);
  });

  test("that have one bad feature bring none, and the answer says which and what", async () => {
    const van = await fleet.device({ account: "strict" });
    await van.next("ZoneSync");
    const bowtie = {
      type: "Polygon",
      coordinates: [
        [
          [2, 41],
          [3, 42],
          [3, 41],
          [2, 42],
          [2, 41],
        ],
      ],
    };
    const answer = await importInto(
      "strict",
      collection(
        feature(square),
        feature(bowtie),
        feature(point, { name: "x".repeat(101), color: "blue", radiusMeters: 3 }),
        feature({ type: "LineString", coordinates: [] }),
        feature({ type: "MultiPolygon", coordinates: [[], []] }),
        feature({ type: "Point", coordinates: [2, 95] }),
        "nonsense",
        feature(null),
      ),
    );
    expect([answer.status, answer.body]).toMatchObject([422, { code: "import-refused" }]);
    expect((answer.body as unknown as { errors: object }).errors).toEqual({
      "features.1.geometry.coordinates.0.0": [
        "begins edge 0 (from [2, 41] to [3, 42]), which crosses edge 2 (from [3, 41] to [2, 42])",
      ],
      "features.2.properties.name": ["can have at most 100 characters"],
      "features.2.properties.color": ["must be a colour such as #1f77b4"],
      "features.2.properties.radiusMeters": ["must be at least 10"],
      "features.3.geometry": ["is a LineString; a zone is a Polygon or a Point"],
      "features.4.geometry": [
        "is a MultiPolygon of 2 parts, which must be a feature each; a zone is a Polygon or a Point",
      ],
      "features.5.geometry.coordinates.1": ["must be a latitude, -90 to 90"],
      "features.6.type": ["must be Feature"],
      "features.7.geometry": ["is missing; a zone is a Polygon or a Point"],
    });
    expect(await zonesOf("strict")).toEqual([]);
    await aWhile();
    expect(van.count("ZoneSync")).toBe(1);
  });

  test("in metres instead of degrees are refused by what they say of themselves", async () => {
    const crs = { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::25832" } };
    const answer = await importInto("strict", { ...collection(feature(square)), crs });
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining("EPSG:4326")]);
  });

  test.each([
    ["no collection", { type: "Feature" }, "type"],
    ["no features", collection(), "features"],
    ["too many features", collection(...Array.from({ length: 1_001 }, () => 1)), "features"],
  ])("with %s are no import", async (_, body, field) => {
    const answer = await importInto("strict", body);
    expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
    expect(Object.keys((answer.body as unknown as { errors: object }).errors)).toContain(field);
  });

  test("reach the devices as one list and the dashboards zone by zone, each once", async () => {
    const before = await drawZone(fleet, "told", aCircle(41, 2));
    const dashboard = await fleet.dashboard("told");
    const vans = [await fleet.device({ account: "told" }), await fleet.device({ account: "told" })];
    const stranger = await fleet.device({ account: "strict" });
    for (const van of vans) await van.next("ZoneSync");
    const { body } = await importInto("told", collection(feature(square), feature(point, { name: "marker" })));
    for (const van of vans) expect(await van.next("ZoneSync")).toEqual({ zones: [before, ...body.items] });
    for (const zone of body.items) expect(await dashboard.next("ZoneAdded")).toEqual({ zone });
    await aWhile();
    expect(vans.map((van) => [van.count("ZoneSync"), van.count("ZoneAdded")])).toEqual([
      [2, 0],
      [2, 0],
    ]);
    expect([dashboard.count("ZoneSync"), dashboard.count("ZoneAdded")]).toEqual([0, 2]);
    expect(stranger.wire.join()).not.toContain("marker");
  });

  test("may be larger than other bodies, up to 5 MiB", async () => {
    const padded = (bytes: number) => JSON.stringify(collection(feature(point, { note: "x".repeat(bytes) })));
    expect((await importInto("large", padded(4_000_000))).status).toBe(201);
    const { status, text } = await importInto("large", padded(5_300_000));
    expect([status, text]).toEqual([413, expect.stringContaining("at most 5 MiB")]);
  });

  test("cannot make more zones than an account may have", async () => {
    const features = (count: number) => collection(...Array.from({ length: count }, () => feature(point)));
    expect((await importInto("full", features(999))).status).toBe(201);
    const tooMany = await importInto("full", features(2));
    expect([tooMany.status, tooMany.body]).toMatchObject([409, { code: "limit-reached" }]);
    await drawZone(fleet, "full", aCircle(41, 2));
    const { token } = await fleet.account("full");
    expect((await fleet.rest("POST /api/zones", { token, body: aCircle(41, 2) })).status).toBe(409);
    const van = await fleet.device({ account: "full" });
    expect(((await van.next("ZoneSync"))["zones"] as Zone[]).length).toBe(1_000);
  });
});
