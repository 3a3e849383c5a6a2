import type { Zone } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { aWhile } from "../lib/hub-client.ts";
import { sortedStatuses, withoutTraceId } from "../lib/rest.ts";
import { aCircle, aSquare, drawZone } from "../lib/zones.ts";

let fleet: Fleet;
type Page = { items: Zone[]; nextCursor: string | null };

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const auditOf = async (account: string, entity: string) => {
  const { id } = await fleet.account(account);
  const rows = await fleet.server.app.database.queries
    .selectFrom("audit")
    .select(["actor", "action", "entity_id", "detail"])
    .where("account_id", "=", id)
    .where("entity", "=", entity)
    .orderBy("id")
    .execute();
  return rows.map((row) => [row.action, Number(row.entity_id), row.actor, JSON.parse(row.detail) as unknown] as const);
};

describe("a zone", () => {
  test("that is drawn is shown to every dashboard and device of the account, and to nobody else", async () => {
    const north = [await fleet.dashboard("north"), await fleet.device({ account: "north" })];
    const south = [await fleet.dashboard("south"), await fleet.device({ account: "south" })];
    const { token, auth } = await fleet.account("north");
    const drawn = await fleet.rest<Zone>("POST /api/zones", {
      token,
      body: aCircle(41.38, 2.17, 250, { name: "  marker depot ", color: "#CC2200", speedLimitKmh: 20 }),
    });
    expect(drawn.status).toBe(201);
    expect(drawn.headers.get("etag")).toBe('"1"');
    expect(drawn.body).toEqual({
      id: expect.any(Number),
      name: "marker depot",
      kind: "depot",
      color: "#cc2200",
      geometry: { type: "Point", coordinates: [2.17, 41.38] },
      radiusMeters: 250,
      speedLimitKmh: 20,
      version: 1,
      updatedAt: expect.stringMatching(/Z$/),
    });
    for (const client of north) expect(await client.next("ZoneAdded")).toEqual({ zone: drawn.body });
    await aWhile();
    for (const client of south) expect(client.wire.join()).not.toContain("marker");
    expect((await fleet.rest(`GET /api/zones/${drawn.body.id}`, { token })).body).toEqual(drawn.body);
    expect(await auditOf("north", "zone")).toContainEqual([
      "zone.added",
      drawn.body.id,
      `user:${auth.user.id}`,
      { after: { name: "marker depot", kind: "depot", color: "#cc2200", radiusMeters: 250, speedLimitKmh: 20 } },
    ]);
  });

  test("that is drawn anew replaces the one with its id, and its version counts", async () => {
    const zone = await drawZone(fleet, "north", aCircle(41, 2));
    const van = await fleet.device({ account: "north" });
    const { token } = await fleet.account("north");
    const answer = await fleet.rest<Zone>(`PUT /api/zones/${zone.id}`, {
      token,
      body: aSquare(41, 2, 0.01, { name: "Yard" }),
      headers: { "if-match": '"1"' },
    });
    expect([answer.status, answer.headers.get("etag")]).toEqual([200, '"2"']);
    expect(answer.body).toMatchObject({ id: zone.id, name: "Yard", kind: "other", radiusMeters: null, version: 2 });
    expect(await van.next("ZoneAdded")).toEqual({ zone: answer.body });
    expect((await auditOf("north", "zone")).at(-1)).toMatchObject([
      "zone.changed",
      zone.id,
      expect.anything(),
      { isNewShape: true },
    ]);
  });

  test("that two dispatchers change at once is changed by one; without If-Match the last one wins", async () => {
    const zone = await drawZone(fleet, "north", aCircle(41, 2));
    const { token } = await fleet.account("north");
    const put = (name: string, headers: Record<string, string> = {}) =>
      fleet.rest<Zone>(`PUT /api/zones/${zone.id}`, { token, body: aCircle(41, 2, 200, { name }), headers });
    const answers = await Promise.all(["A", "B", "C"].map((name) => put(name, { "if-match": '"1"' })));
    expect(sortedStatuses(answers)).toEqual([200, 412, 412]);
    const late = answers.find(({ status }) => status === 412);
    expect(late?.body).toMatchObject({ code: "version-mismatch" });
    expect((await put("D")).body).toMatchObject({ name: "D", version: 3 });
    const gone = await fleet.rest(`DELETE /api/zones/${zone.id}`, { token, headers: { "if-match": '"2"' } });
    expect(gone.status).toBe(412);
  });

  test("that is deleted is gone for everybody", async () => {
    const zone = await drawZone(fleet, "north", aCircle(41, 2));
    const clients = [await fleet.dashboard("north"), await fleet.device({ account: "north" })];
    const { token } = await fleet.account("north");
    expect((await fleet.rest(`DELETE /api/zones/${zone.id}`, { token })).status).toBe(204);
    for (const client of clients) expect(await client.next("ZoneDeleted")).toEqual({ zoneId: zone.id });
    expect((await fleet.rest(`GET /api/zones/${zone.id}`, { token })).status).toBe(404);
    expect((await fleet.rest(`DELETE /api/zones/${zone.id}`, { token })).status).toBe(404);
    expect((await auditOf("north", "zone")).at(-1)).toMatchObject([
      "zone.deleted",
      zone.id,
      expect.anything(),
      { before: { name: "Depot" } },
    ]);
  });
});

describe("a device", () => {
  test("hears the whole list first when it connects, also an empty one, and after a restart", async () => {
    const none = await fleet.device({ account: "lists" });
    expect(await none.next("ZoneSync")).toEqual({ zones: [] });
    const zones = [await drawZone(fleet, "lists", aCircle(41, 2)), await drawZone(fleet, "lists", aSquare(41, 2))];
    const bound = await fleet.pair("lists");
    const van = await fleet.connectDevice(bound);
    expect(await van.next("ZoneSync")).toEqual({ zones });
    expect(van.received.find(({ event }) => event !== "DeviceUpdated")?.event).toBe("ZoneSync");
    const dashboard = await fleet.dashboard("lists");
    await fleet.restart();
    const again = await fleet.connectDevice(bound);
    expect(await again.next("ZoneSync")).toEqual({ zones });
    expect(dashboard.count("ZoneSync")).toBe(0);
  });

  test("that does not see its peers hears each zone event exactly once, as one that does", async () => {
    const { id, token } = await fleet.account("discreet");
    await fleet.server.app.database.queries
      .updateTable("accounts")
      .set({ devices_see_peers: 0 })
      .where("id", "=", id)
      .execute();
    const dashboard = await fleet.dashboard("discreet");
    const van = await fleet.device({ account: "discreet" });
    const other = await fleet.device({ account: "discreet" });
    const open = await fleet.device({ account: "lists" });
    const zone = await drawZone(fleet, "discreet", aCircle(41, 2));
    const shown = await drawZone(fleet, "lists", aCircle(41, 2));
    await fleet.rest(`PUT /api/zones/${zone.id}`, { token, body: aCircle(41, 2, 300) });
    await fleet.rest(`DELETE /api/zones/${zone.id}`, { token });
    for (const client of [dashboard, van, other]) {
      await client.next("ZoneDeleted");
      expect([client.count("ZoneAdded"), client.count("ZoneDeleted")]).toEqual([2, 1]);
    }
    await open.next("ZoneAdded", ({ zone: added }) => (added as Zone).id === shown.id);
    await aWhile();
    expect(open.count("ZoneAdded")).toBe(1);
    // The setting itself holds: nothing of the other van reached it.
    await other.reportLocation({ lat: 1, lon: 1 });
    await dashboard.next("DeviceUpdated", ({ deviceId, lastLat }) => deviceId === other.id && lastLat === 1);
    await aWhile();
    expect(van.count("DeviceUpdated")).toBe(0);
  });
});

describe("a bad zone is refused", () => {
  test("with the edges that cross", async () => {
    const { token } = await fleet.account("north");
    const geometry = {
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
    const answer = await fleet.rest("POST /api/zones", { token, body: { name: "Bowtie", geometry } });
    expect([answer.status, answer.body]).toMatchObject([422, { code: "invalid-geometry" }]);
    expect(answer.body["errors"]).toEqual({
      "geometry.coordinates.0.0": [
        "begins edge 0 (from [2, 41] to [3, 42]), which crosses edge 2 (from [3, 41] to [2, 42])",
      ],
    });
  });

  test.each<[string, object, string]>([
    ["no name", { name: " " }, "name"],
    ["a long name", { name: "x".repeat(101) }, "name"],
    ["a colour in words", { color: "red" }, "color"],
    ["an unknown kind", { kind: "castle" }, "kind"],
    ["a small radius", { radiusMeters: 9.9 }, "radiusMeters"],
    ["a huge radius", { radiusMeters: 50_001 }, "radiusMeters"],
    ["a circle without radius", { radiusMeters: null }, "radiusMeters"],
    ["a polygon with radius", { ...aSquare(41, 2), radiusMeters: 100 }, "radiusMeters"],
    ["a speed limit of nothing", { speedLimitKmh: 0 }, "speedLimitKmh"],
    ["a latitude off the earth", { geometry: { type: "Point", coordinates: [2, 91] } }, "geometry.coordinates.1"],
    ["a longitude off the earth", { geometry: { type: "Point", coordinates: [181, 2] } }, "geometry.coordinates.0"],
    ["half a position", { geometry: { type: "Point", coordinates: [2] } }, "geometry.coordinates"],
    ["a line", { geometry: { type: "LineString", coordinates: [[2, 41]] } }, "geometry.type"],
    ["no geometry", { geometry: undefined }, "geometry"],
    ["an unknown field", { colour: "#ffffff" }, "colour"],
  ])("for %s", async (_, change, field) => {
    const { token } = await fleet.account("north");
    const answer = await fleet.rest("POST /api/zones", { token, body: { ...aCircle(41, 2), ...change } });
    expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
    expect(Object.keys(answer.body["errors"] as object)).toEqual([field]);
  });
});

describe("the list of zones", () => {
  test("comes a page at a time, each zone once", async () => {
    const { token } = await fleet.account("pages");
    const ids: number[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await drawZone(fleet, "pages", aCircle(41, 2))).id);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { body }: { body: Page } = await fleet.rest<Page>(`GET /api/zones?limit=2${query}`, { token });
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
  });
});

describe("who may", () => {
  test("a viewer looks and changes nothing; a phone does neither", async () => {
    const zone = await drawZone(fleet, "north", aCircle(41, 2));
    const { token: viewer } = await fleet.colleague("north", "viewer");
    const { accessToken: phone } = await fleet.pair("north");
    const reads = [
      "GET /api/zones",
      "GET /api/zones/export",
      `GET /api/zones/${zone.id}`,
      `GET /api/zones/${zone.id}/visits`,
    ];
    for (const read of reads) {
      expect((await fleet.rest(read, { token: viewer })).status).toBe(200);
      expect((await fleet.rest(read, { token: phone })).status).toBe(403);
      expect((await fleet.rest(read)).status).toBe(401);
    }
    const body = aCircle(41, 2, 999);
    const writes = [
      "POST /api/zones",
      `PUT /api/zones/${zone.id}`,
      `DELETE /api/zones/${zone.id}`,
      "POST /api/zones/import",
    ];
    for (const write of writes) {
      for (const token of [viewer, phone]) {
        const answer = await fleet.rest(write, { token, body });
        expect([answer.status, answer.body]).toMatchObject([403, { code: "forbidden" }]);
      }
    }
    expect((await fleet.rest(`GET /api/zones/${zone.id}`, { token: viewer })).body).toEqual(zone);
  });

  test("another account gets the answer of an id that does not exist, byte for byte", async () => {
    const zone = await drawZone(fleet, "north", aCircle(41, 2, 200, { name: "marker zone" }));
    const { token } = await fleet.account("south");
    const calls = [
      ["GET", "", undefined, {}],
      ["GET", "/visits", undefined, {}],
      ["PUT", "", aCircle(41, 2), {}],
      ["PUT", "", aCircle(41, 2), { "if-match": '"1"' }],
      ["PUT", "", { name: "Line", geometry: { type: "Polygon", coordinates: [[]] } }, {}],
      ["DELETE", "", undefined, {}],
    ] as const;
    for (const [method, path, body, headers] of calls) {
      const given = { token, headers, ...(body === undefined ? {} : { body }) };
      const foreign = await fleet.rest(`${method} /api/zones/${zone.id}${path}`, given);
      const absent = await fleet.rest(`${method} /api/zones/4294967295${path}`, given);
      expect(foreign.status).toBe(404);
      expect(withoutTraceId(foreign)).toBe(withoutTraceId(absent));
    }
    for (const list of ["GET /api/zones", "GET /api/zones/export"]) {
      expect((await fleet.rest(list, { token })).text).not.toContain("marker");
    }
  });
});
