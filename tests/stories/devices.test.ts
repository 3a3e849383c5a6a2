import type { Device } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { sortedStatuses } from "../lib/rest.ts";

let fleet: Fleet;
type Page = { items: Device[]; nextCursor: string | null };

beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

describe("renaming a device", () => {
  test("shows every dashboard and the device the whole device, with a new version", async () => {
    const { token } = await fleet.account("north");
    const van = await fleet.device({ account: "north", name: "Old", identifier: "R-1" });
    const dashboard = await fleet.dashboard("north");
    const renamed = await fleet.rest<Device>(`PATCH /api/devices/${van.id}`, { token, body: { name: "  New  " } });
    expect(renamed.body).toMatchObject({ name: "New", identifier: "R-1", version: 2 });
    expect(renamed.headers.get("etag")).toBe('"2"');
    for (const client of [dashboard, van]) {
      expect(await client.next("DeviceChanged")).toEqual({ device: renamed.body });
    }
    const cleared = await fleet.rest<Device>(`PATCH /api/devices/${van.id}`, { token, body: { identifier: null } });
    expect(cleared.body).toMatchObject({ name: "New", identifier: null, version: 3 });
  });

  test("on top of an older version is refused, and changes nothing", async () => {
    const { token } = await fleet.account("north");
    const { deviceId } = await fleet.pair("north", { name: "First" });
    const change = (name: string, ifMatch: string) =>
      fleet.rest(`PATCH /api/devices/${deviceId}`, { token, body: { name }, headers: { "if-match": ifMatch } });
    expect((await fleet.rest(`GET /api/devices/${deviceId}`, { token })).headers.get("etag")).toBe('"1"');
    expect((await change("Second", '"1"')).status).toBe(200);
    const late = await change("Third", '"1"');
    expect([late.status, late.body]).toMatchObject([412, { code: "version-mismatch" }]);
    expect((await change("Fourth", "*")).body).toMatchObject({ name: "Fourth", version: 3 });
    const nonsense = await change("Fifth", "yesterday");
    expect([nonsense.status, nonsense.body]).toMatchObject([400, { errors: { "If-Match": [expect.any(String)] } }]);
  });

  test("by two dispatchers at once on one version is won by one", async () => {
    const { token } = await fleet.account("north");
    const { deviceId } = await fleet.pair("north");
    const answers = await Promise.all(
      ["A", "B", "C"].map((name) =>
        fleet.rest(`PATCH /api/devices/${deviceId}`, { token, body: { name }, headers: { "if-match": '"1"' } }),
      ),
    );
    expect(sortedStatuses(answers)).toEqual([200, 412, 412]);
  });

  test("to an identifier that another van has is refused", async () => {
    const { token } = await fleet.account("north");
    await fleet.pair("north", { identifier: "TAKEN" });
    const { deviceId } = await fleet.pair("north", { identifier: "MINE" });
    const answer = await fleet.rest(`PATCH /api/devices/${deviceId}`, { token, body: { identifier: "TAKEN" } });
    expect([answer.status, answer.body]).toMatchObject([409, { code: "identifier-taken" }]);
    const same = await fleet.rest(`PATCH /api/devices/${deviceId}`, { token, body: { identifier: "MINE" } });
    expect(same.status).toBe(200);
  });
});

describe("the list of devices", () => {
  test("comes a page at a time, each device once", async () => {
    const { token } = await fleet.account("pages");
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push((await fleet.pair("pages")).deviceId);
    const seen: number[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`;
      const { body }: { body: Page } = await fleet.rest<Page>(`GET /api/devices?limit=2${query}`, { token });
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
    expect(pages).toBe(3);
    const whole = await fleet.rest<Page>("GET /api/devices?limit=5", { token });
    expect([whole.body.items.length, whole.body.nextCursor]).toEqual([5, null]);
  });

  test.each(["limit=0", "limit=201", "limit=x", "limit=1.5", "cursor=x", "cursor=-1", "cursor="])(
    "refuses %s",
    async (query) => {
      const { token } = await fleet.account("pages");
      const answer = await fleet.rest(`GET /api/devices?${query}`, { token });
      expect([answer.status, answer.body]).toMatchObject([400, { code: "invalid-request" }]);
      expect(Object.keys(answer.body["errors"] as object)).toEqual([query.split("=")[0]]);
    },
  );
});

test("the live fleet counts every change in its rev, and shows each device as the list does", async () => {
  const { token } = await fleet.account("live");
  const live = async () =>
    (await fleet.rest<{ rev: number; devices: Device[] }>("GET /api/fleet/live", { token })).body;
  const empty = await live();
  expect(empty.devices).toEqual([]);
  const van = await fleet.device({ account: "live" });
  const revs = [empty.rev, (await live()).rev];
  for (const lat of [1, 2]) {
    await van.reportLocation({ lat, lon: 0 });
    revs.push((await live()).rev);
  }
  await fleet.rest(`PATCH /api/devices/${van.id}`, { token, body: { name: "Other" } });
  const { rev, devices } = await live();
  revs.push(rev);
  expect(revs).toEqual([...new Set(revs)].toSorted((a, b) => a - b));
  expect(devices).toEqual((await fleet.rest<Page>("GET /api/devices", { token })).body.items);
  await fleet.rest(`DELETE /api/devices/${van.id}`, { token });
  expect(await live()).toMatchObject({ devices: [] });
  expect((await live()).rev).toBeGreaterThan(rev);
});
