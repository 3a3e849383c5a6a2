import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "../database.ts";
import { aDevice, aFix, anAccount, silent, timesOf } from "../testing.ts";
import { openPostgres } from "./open.ts";
import { aTestDatabase, type TestDatabase } from "./testing/test-databases.ts";

const at = (text: string): number => Date.parse(`${text}Z`);

let place: TestDatabase;
let database: Database;
let device: { deviceId: number; accountId: number };
beforeEach(async () => {
  place = await aTestDatabase();
  database = await openPostgres({ url: place.url, logger: silent, now: () => at("2031-12-31T23:59:59.999") });
  const accountId = await anAccount(database);
  device = { accountId, deviceId: await aDevice(database, accountId) };
});
afterEach(async () => {
  await database.close();
  await place[Symbol.asyncDispose]();
});

const write = (...times: string[]) =>
  database.writeLocations({ samples: times.map((time) => aFix({ ...device, atMs: at(time) })), devices: [] });
async function months(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'location_samples'::regclass order by 1
  `.execute(database.queries);
  return rows.map(({ name }) => name.replace("location_samples_", "")).filter((name) => name > "2030");
}

test("this month and the next are there from the start, others when a fix is of them", async () => {
  expect(await months()).toEqual(["2031_12", "2032_01"]);
  const { fresh } = await write("2031-11-30T23:59:59.999", "2031-12-01T00:00:00.000", "2030-02-28T12:00:00");
  expect(fresh).toEqual([true, true, true]);
  expect(await months()).toEqual(["2030_02", "2031_11", "2031_12", "2032_01"]);
});

test("a month goes once it is past as a whole, and may come again", async () => {
  await write("2031-09-30T23:59:59.999", "2031-10-01T00:00:00.000", "2031-10-31T23:59:59.999");
  expect(await database.dropMonthsBefore(at("2031-10-31T23:59:59.999"))).toContain(at("2031-09-01T00:00:00"));
  expect(await timesOf(database, device.deviceId)).toEqual([
    at("2031-10-01T00:00:00.000"),
    at("2031-10-31T23:59:59.999"),
  ]);
  expect(await database.dropMonthsBefore(at("2031-11-01T00:00:00"))).toEqual([at("2031-10-01T00:00:00")]);
  expect(await months()).toEqual(["2031_12", "2032_01"]);
  expect((await write("2031-10-01T00:00:00.000")).fresh).toEqual([true]);
});

test("a fix of a month that no phone can mean fails alone", async () => {
  const answers = await Promise.allSettled([
    write("2031-12-01T00:00:00"),
    database.writeLocations({ samples: [aFix({ ...device, atMs: 1e15 })], devices: [] }),
    write("2031-12-02T00:00:00"),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await months()).toEqual(["2031_12", "2032_01"]);
});
