import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database, LocationBatch } from "../database.ts";
import { ConstraintError } from "../errors.ts";
import { aDevice, aFix, anAccount, aState, timesOf } from "../testing.ts";

/** What every database does with location batches. */
export function locationsSpec(open: () => Promise<Database>): void {
  let database: Database;
  let accountId: number;
  beforeAll(async () => {
    database = await open();
    accountId = await anAccount(database);
  });
  afterAll(() => database.close());

  const fixes = (deviceId: number, times: readonly number[]): LocationBatch => ({
    samples: times.map((atMs) => aFix({ deviceId, accountId, atMs, speedMps: atMs / 8 })),
    devices: times.map((atMs) => aState({ deviceId, lastLat: atMs / 1e3, lastLon: 0, lastLocationMs: atMs })),
  });
  const device = (id: number) =>
    database.queries.selectFrom("devices").selectAll().where("id", "=", id).executeTakeFirstOrThrow();

  describe("a location batch", () => {
    test("comes back as it went in", async () => {
      const deviceId = await aDevice(database, accountId);
      const full = aFix({
        deviceId,
        accountId,
        atMs: 1_795_000_000_123,
        lat: -33.868_8,
        lon: 151.209_3,
        accuracyMeters: 4.5,
        speedMps: 0,
        headingDegrees: 359.9,
        altitudeMeters: -2,
        batteryPercent: 100,
        source: "live",
      });
      const bare = aFix({ deviceId, accountId, atMs: 1 });
      await database.writeLocations({ samples: [full, bare], devices: [] });
      const rows = await database.queries
        .selectFrom("location_samples")
        .selectAll()
        .where("device_id", "=", deviceId)
        .orderBy("at_ms", "desc")
        .execute();
      expect(rows[0]).toEqual({
        device_id: deviceId,
        at_ms: 1_795_000_000_123,
        account_id: accountId,
        lat: -33.868_8,
        lon: 151.209_3,
        accuracy_meters: 4.5,
        speed_mps: 0,
        heading_degrees: 359.9,
        altitude_meters: -2,
        battery_percent: 100,
        received_ms: 1_795_000_000_223,
        source: 0,
      });
      expect(rows[1]).toMatchObject({ accuracy_meters: null, speed_mps: null, battery_percent: null, source: 1 });
    });

    test("says of each fix whether it was new, in the order asked", async () => {
      const deviceId = await aDevice(database, accountId);
      await database.writeLocations(fixes(deviceId, [20, 40]));
      const { fresh } = await database.writeLocations(fixes(deviceId, [50, 40, 10, 20, 10]));
      expect(fresh).toEqual([true, false, true, false, false]);
    });

    test("a sample takes the place of a live fix of the same moment, whichever came first", async () => {
      const [a, b] = [await aDevice(database, accountId), await aDevice(database, accountId)];
      const at = (deviceId: number, source: "live" | "samples", lat: number) =>
        database.writeLocations({ samples: [aFix({ deviceId, accountId, atMs: 5, source, lat })], devices: [] });
      await at(a, "live", 1);
      await at(a, "live", 2);
      const flags = [await at(a, "samples", 3), await at(a, "samples", 4)];
      await at(a, "live", 5);
      flags.push(await at(b, "samples", 3));
      await at(b, "live", 1);
      expect(flags.flatMap(({ fresh }) => fresh)).toEqual([true, false, true]);
      const rows = await database.queries
        .selectFrom("location_samples")
        .select(["lat", "source"])
        .where("device_id", "in", [a, b])
        .execute();
      expect(rows).toEqual([
        { lat: 3, source: 1 },
        { lat: 3, source: 1 },
      ]);
    });

    test("that waited with others in one commit gets its own answer", async () => {
      const [a, b] = [await aDevice(database, accountId), await aDevice(database, accountId)];
      const answers = await Promise.all([
        database.writeLocations(fixes(a, [1])),
        database.writeLocations(fixes(b, [1, 1])),
        database.writeLocations({ samples: [], devices: [] }),
        database.writeLocations(fixes(a, [2, 1])),
        database.writeLocations(fixes(b, [3])),
      ]);
      expect(answers.map((answer) => answer.fresh)).toEqual([[true], [true, false], [], [true, false], [true]]);
    });

    test("with an impossible value fails alone", async () => {
      const deviceId = await aDevice(database, accountId);
      const impossible = { samples: [aFix({ deviceId, accountId, atMs: 3, lat: Number.NaN })], devices: [] };
      const answers = await Promise.allSettled([
        database.writeLocations(fixes(deviceId, [1])),
        database.writeLocations(fixes(deviceId, [2])),
        database.writeLocations(impossible),
        database.writeLocations(fixes(deviceId, [4])),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
      expect(answers[2]).toMatchObject({ reason: expect.any(ConstraintError) });
      expect(await timesOf(database, deviceId)).toEqual([1, 2, 4]);
    });

    test("keeps nothing for a device that is gone or of another account", async () => {
      const south = await anAccount(database, "south");
      const [gone, foreign] = [await aDevice(database, accountId), await aDevice(database, south)];
      await database.queries.deleteFrom("devices").where("id", "=", gone).execute();
      const { fresh } = await database.writeLocations({
        samples: [...fixes(gone, [1]).samples, ...fixes(foreign, [1]).samples],
        devices: [],
      });
      expect(fresh).toEqual([false, false]);
      expect(await timesOf(database, gone)).toEqual([]);
      expect(await timesOf(database, foreign)).toEqual([]);
    });

    test("is a union: any split, order, repetition and grouping gives the same table", async () => {
      const batches = fc
        .uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 25 })
        .chain((times) =>
          fc.tuple(
            fc.constant(times),
            fc.array(fc.array(fc.constantFrom(...times), { maxLength: 8 }), { maxLength: 8 }),
            fc.shuffledSubarray(times, { minLength: times.length }),
            fc.boolean(),
          ),
        );
      await fc.assert(
        fc.asyncProperty(batches, async ([times, repeated, whole, atOnce]) => {
          const deviceId = await aDevice(database, accountId);
          const all = [...repeated, whole].map((part) => fixes(deviceId, part));
          const flags: boolean[] = [];
          if (atOnce) {
            for (const { fresh } of await Promise.all(all.map((batch) => database.writeLocations(batch))))
              flags.push(...fresh);
          } else {
            for (const batch of all) flags.push(...(await database.writeLocations(batch)).fresh);
          }
          const sorted = times.toSorted((a, b) => a - b);
          expect(await timesOf(database, deviceId)).toEqual(sorted);
          expect(flags.filter(Boolean)).toHaveLength(times.length);
          expect((await device(deviceId)).last_location_ms).toBe(sorted.at(-1));
        }),
        { numRuns: 150 },
      );
    });
  });

  describe("the state of a device", () => {
    test("an older position never replaces a newer one", async () => {
      const deviceId = await aDevice(database, accountId);
      const at = (lastLocationMs: number, lastLat: number, batteryPercent: number) =>
        database.writeLocations({
          samples: [],
          devices: [aState({ deviceId, lastLocationMs, lastLat, lastLon: 1, batteryPercent })],
        });
      await at(100, 10, 50);
      await at(99, 20, 60);
      expect(await device(deviceId)).toMatchObject({ last_location_ms: 100, last_lat: 10, battery_percent: 50 });
      await at(101, 30, 40);
      expect(await device(deviceId)).toMatchObject({ last_location_ms: 101, last_lat: 30, battery_percent: 40 });
    });

    test("null leaves what is known", async () => {
      const deviceId = await aDevice(database, accountId);
      const write = (state: Partial<ReturnType<typeof aState>>) =>
        database.writeLocations({ samples: [], devices: [aState({ deviceId, ...state })] });
      await write({ appInfoMs: 10, appVersion: "1.0", appLanguage: "de", batteryPercent: 70 });
      await write({ appInfoMs: 20, appLanguage: "en" });
      await write({ appInfoMs: 15, appVersion: "0.9", batteryPercent: 5 });
      await write({ lastLocationMs: 30, lastLat: 1, lastLon: 2 });
      expect(await device(deviceId)).toMatchObject({
        app_version: "1.0",
        app_language: "en",
        app_info_ms: 20,
        battery_percent: 70,
        last_location_ms: 30,
        last_lat: 1,
      });
    });
  });
}
