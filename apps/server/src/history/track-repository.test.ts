import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../database/database.ts";
import { aDatabase, aDevice, aFix, anAccount } from "../database/testing.ts";
import { seeded } from "./testing.ts";
import { trackRepository } from "./track-repository.ts";

let database: Database;
let accountId: number;
beforeAll(async () => {
  database = await aDatabase();
  accountId = await anAccount(database);
});
afterAll(() => database.close());

describe("the fleet at a moment", () => {
  test("of 500 devices is the last fix of each, by one query", async () => {
    const random = seeded(5);
    const devices = await Promise.all(Array.from({ length: 500 }, () => aDevice(database, accountId)));
    const expected = [];
    for (const deviceId of devices) {
      const times = Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 100_000));
      const samples = times.map((atMs) => aFix({ deviceId, accountId, atMs, lat: atMs / 2_000, lon: -atMs / 1_000 }));
      await database.writeLocations({ samples, devices: [] });
      const lastMs = Math.max(-1, ...times.filter((atMs) => atMs <= 50_000));
      expected.push({
        deviceId,
        name: "van",
        identifier: null,
        lat: lastMs < 0 ? null : lastMs / 2_000,
        lon: lastMs < 0 ? null : -lastMs / 1_000,
        fixMs: lastMs < 0 ? null : lastMs,
      });
    }
    expect(await trackRepository(database).fleetAt(accountId, 50_000)).toEqual(expected);
  });

  test("has a device from its binding until its unbinding, and none of another account", async () => {
    const other = await anAccount(database, "other");
    const deviceId = await aDevice(database, other);
    await database.queries
      .updateTable("devices")
      .set({ bound_at: 100, unbound_at: 200 })
      .where("id", "=", deviceId)
      .execute();
    const counts = [99, 100, 199, 200].map(
      async (atMs) => (await trackRepository(database).fleetAt(other, atMs)).length,
    );
    expect(await Promise.all(counts)).toEqual([0, 1, 1, 0]);
  });
});

describe("fixes of a device", () => {
  test("come in pages, each once, in order, within the range and of the account alone", async () => {
    const other = await anAccount(database, "pages");
    const deviceId = await aDevice(database, other);
    const samples = Array.from({ length: 4_500 }, (_, index) => aFix({ deviceId, accountId: other, atMs: index }));
    await database.writeLocations({ samples, devices: [] });
    const tracks = trackRepository(database);
    const pages = await Array.fromAsync(tracks.fixes({ accountId: other, deviceId }, 10, 4_400));
    expect(pages.map((page) => page.length)).toEqual([2_000, 2_000, 390]);
    expect(pages.flat().map(({ atMs }) => atMs)).toEqual(samples.slice(10, 4_400).map(({ atMs }) => atMs));
    expect((await Array.fromAsync(tracks.fixes({ accountId, deviceId }, 10, 4_400))).flat()).toEqual([]);
    expect(await tracks.owner({ accountId, deviceId })).toBeNull();
  });

  test("are read no further than somebody asks for", async () => {
    const other = await anAccount(database, "slow");
    const deviceId = await aDevice(database, other);
    await database.writeLocations({
      samples: Array.from({ length: 6_000 }, (_, index) => aFix({ deviceId, accountId: other, atMs: index })),
      devices: [],
    });
    let asked = 0;
    const counting: Database = {
      ...database,
      forAccount(id) {
        asked += 1;
        return database.forAccount(id);
      },
    };
    for await (const page of trackRepository(counting).fixes({ accountId: other, deviceId }, 0, 6_000)) {
      expect(page).toHaveLength(2_000);
      expect(asked).toBe(1);
      break;
    }
    expect(asked).toBe(1);
  });
});
