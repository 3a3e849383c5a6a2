import { keptTables } from "@dsp-fleet/server/testing";
import { describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { sampleAt } from "../lib/samples.ts";
import { oneOfEach } from "../lib/things.ts";

const dayMs = 24 * 3_600_000;

async function erase(fleet: Fleet, account: string) {
  const { token, password } = await fleet.account(account);
  return fleet.rest("DELETE /api/account", { token, body: { password, accountName: account } });
}

/** How many rows each table has of the account, those that have any. */
async function rowsOf(fleet: Fleet, accountId: number): Promise<Record<string, number>> {
  const { queries } = fleet.server.app.database;
  const rows: Record<string, number> = {};
  for (const name of Object.keys(keptTables)) {
    const column = name === "accounts" ? "id" : "account_id";
    // Every table with such a column stands for all of them.
    const counted = await queries
      .selectFrom(name as "audit")
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .where(column as "account_id", "=", accountId)
      .executeTakeFirstOrThrow();
    const { n } = counted;
    if (n > 0) rows[name] = n;
  }
  return rows;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** An account in which everything there is was used. */
async function aFullAccount(fleet: Fleet, name: string) {
  const account = await fleet.account(name);
  const things = await oneOfEach(fleet, name, `${name}-marker`);
  const van = await fleet.device({ account: name });
  await van.reportLocation({ lat: 1, lon: 1 });
  const now = fleet.server.app.clock.now();
  await van.invoke(
    "ReportSamples",
    Array.from({ length: 300 }, (_, n) => sampleAt(now - 1_000 * (n + 1))),
  );
  const ben = await fleet.colleague(name, "dispatcher");
  const body = { intervalSeconds: 5, durationSeconds: 600 };
  await fleet.rest(`POST /api/devices/${van.id}/fast-location`, { token: ben.token, body });
  await fleet.rest(`POST /api/devices/${van.id}/history-sync`, { token: ben.token, body: { hours: 2 } });
  return { ...account, things, van, ben };
}

describe("erasing an account", () => {
  test("closes every door of it at once and leaves no row, while its neighbour notices nothing", async () => {
    const clock = heldClock();
    await using fleet = await startFleet({ clock });
    const gone = await aFullAccount(fleet, "gone");
    const stays = await aFullAccount(fleet, "stays");
    const before = await rowsOf(fleet, stays.id);
    const dashboard = await fleet.dashboard("gone", { reconnect: [0, 0] });

    const answer = await erase(fleet, "gone");
    expect([answer.status, answer.body]).toMatchObject([202, { accountId: gone.id }]);
    await Promise.all([dashboard.closed, gone.van.closed]);
    for (const token of [gone.token, gone.ben.token]) {
      expect((await fleet.rest("GET /api/devices", { token })).status).toBe(401);
    }
    expect((await fleet.rest("GET /api/device/me", { token: gone.van.token })).status).toBe(401);
    await expect(fleet.hub("/hubs/fleet", { token: gone.van.token })).rejects.toThrow("401");
    const { email, password } = gone;
    expect((await fleet.rest("POST /api/auth/login", { body: { email, password } })).status).toBe(401);
    const refreshed = await fleet.rest("POST /api/auth/refresh", { body: { refreshToken: gone.auth.refreshToken } });
    expect(refreshed.status).toBe(401);

    clock.leap(6_000);
    await until(async () => {
      clock.leap(1_000);
      return Object.keys(await rowsOf(fleet, gone.id)).length === 0;
    });
    await stays.van.reportLocation({ lat: 2, lon: 2 });
    const after = await rowsOf(fleet, stays.id);
    for (const [table, rows] of Object.entries(before)) expect(after[table]).toBeGreaterThanOrEqual(rows);
    // The address is free again.
    const again = await fleet.rest("POST /api/auth/register", {
      body: { email, password, displayName: "Anew", accountName: "anew", country: "DE", timezone: "Europe/Berlin" },
    });
    expect(again.status).toBe(201);
  });

  test("goes on after a restart in the middle, and nobody gets in meanwhile", async () => {
    const clock = heldClock();
    await using fleet = await startFleet({ clock });
    const gone = await aFullAccount(fleet, "gone");
    await erase(fleet, "gone");
    expect(Object.keys(await rowsOf(fleet, gone.id)).length).toBeGreaterThan(5);
    await fleet.restart();
    expect((await fleet.rest("GET /api/devices", { token: gone.token })).status).toBe(401);
    expect((await fleet.rest("GET /api/device/me", { token: gone.van.token })).status).toBe(401);
    await expect(fleet.hub("/hubs/fleet", { token: gone.van.token })).rejects.toThrow("401");
    await until(async () => {
      clock.leap(1_000);
      return Object.keys(await rowsOf(fleet, gone.id)).length === 0;
    });
    expect(await rowsOf(fleet, gone.id)).toEqual({});
  });

  test("needs the password and the account's name", async () => {
    await using fleet = await startFleet();
    const { token, password } = await fleet.account("careful");
    const attempt = (body: object) => fleet.rest<{ code: string }>("DELETE /api/account", { token, body });
    const [name, secret] = [
      await attempt({ password, accountName: "Careful" }),
      await attempt({ password: "x", accountName: "careful" }),
    ];
    expect([name.status, name.body.code]).toEqual([400, "invalid-request"]);
    expect([secret.status, secret.body.code]).toEqual([403, "wrong-password"]);
    expect((await fleet.rest("GET /api/devices", { token })).status).toBe(200);
  });
});

describe("what an account keeps no longer", () => {
  test("is deleted a minute after the start and then once a day, by the account's own days", async () => {
    const clock = heldClock();
    await using fleet = await startFleet({ clock });
    const van = await fleet.device({ account: "keeps" });
    const { token } = await fleet.account("keeps");
    await fleet.rest("PATCH /api/account", { token, body: { retentionDays: 2 } });
    const daysAgo = (days: number) => sampleAt(clock.now() - days * dayMs);
    await van.invoke("ReportSamples", [daysAgo(1.9), daysAgo(0.5), daysAgo(0.1)]);
    const kept = async () =>
      (await fleet.server.app.database.queries.selectFrom("location_samples").select("at_ms").execute()).length;
    clock.leap(61_000);
    expect(await kept()).toBe(3);
    await van.stop();
    clock.leap(dayMs);
    await until(async () => {
      clock.leap(1_000);
      return (await kept()) === 2;
    });
    expect(await kept()).toBe(2);
  });
});
