import type { AuthResponse } from "@dsp-fleet/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { type HeldClock, heldClock } from "../lib/held-clock.ts";
import { aWhile, type HubClient } from "../lib/hub-client.ts";
import type { Account } from "../lib/people.ts";

let fleet: Fleet;
let clock: HeldClock;
let north: Account;
let dashboard: HubClient;

const quarterHour = 15 * 60_000;
const unauthorized = (method: string) => `Failed to invoke '${method}' because user is unauthorized`;

beforeEach(async () => {
  clock = heldClock();
  fleet = await startFleet({ clock });
  north = await fleet.account("north");
  dashboard = await fleet.dashboard("north", { reconnect: [0] });
});
afterEach(() => fleet[Symbol.asyncDispose]());

const renew = (client: HubClient, refreshToken: string) =>
  client.invoke<AuthResponse | null>("RequestTokenRefresh", refreshToken);

describe("a live connection whose token runs out", () => {
  test("goes on with what RequestTokenRefresh gives it", async () => {
    clock.leap(quarterHour + 30_000);
    const renewed = await renew(dashboard, north.auth.refreshToken);
    expect(Object.keys(renewed ?? {}).toSorted()).toEqual(Object.keys(north.auth).toSorted());
    expect(renewed?.user).toEqual(north.auth.user);
    clock.leap(60_000);
    clock.leap(1_500);
    await aWhile();
    expect(dashboard.connection.state).toBe("Connected");
    const { body } = await fleet.rest("GET /api/auth/me", { token: renewed?.accessToken ?? "" });
    expect(body["user"]).toEqual(north.auth.user);
    const van = await fleet.pair("south");
    await (await fleet.connectDevice(van)).reportLocation({ lat: 1, lon: 1 });
  });

  test("is closed a minute later when it brings nothing, and may come back", async () => {
    clock.leap(quarterHour + 55_000);
    await aWhile();
    expect(dashboard.connection.state).toBe("Connected");
    clock.leap(6_000);
    clock.leap(1_500);
    await dashboard.reconnecting;
    expect(dashboard.wire.join()).toContain('{"type":7,"allowReconnect":true}');
  });

  test("may call nothing else, when it is a device's", async () => {
    const van = await fleet.device({ account: "north" });
    await van.reportLocation({ lat: 1, lon: 1 });
    clock.leap(90 * 24 * 3_600_000 + 10_000);
    for (const method of ["ReportLocation", "ReportDeviceInfo", "ReportSamples"]) {
      expect(await van.refusal(method, 1, 1)).toBe(unauthorized(method));
    }
    expect(await renew(van, north.auth.refreshToken)).toBeNull();
    await fleet.server.app.journal.flush();
    const position = await fleet.server.app.database.queries.selectFrom("devices").select("last_lat").execute();
    expect(position).toEqual([{ last_lat: 1 }]);
  });
});

describe("RequestTokenRefresh", () => {
  test("works before the token runs out, and answers as the HTTP refresh does", async () => {
    const renewed = await renew(dashboard, north.auth.refreshToken);
    const { status, body } = await fleet.rest<AuthResponse>("POST /api/auth/refresh", {
      body: { refreshToken: renewed?.refreshToken },
    });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(Object.keys(renewed ?? {}));
  });

  test("with another account's token answers null, and does not spend it", async () => {
    const south = await fleet.account("south");
    expect(await renew(dashboard, south.auth.refreshToken)).toBeNull();
    const { status } = await fleet.rest("POST /api/auth/refresh", {
      body: { refreshToken: south.auth.refreshToken },
    });
    expect(status).toBe(200);
    await fleet.device({ account: "south" }).then((van) => van.reportLocation({ lat: 1, lon: 1 }));
    await aWhile();
    expect(dashboard.received).toEqual([]);
  });

  test("with a reused token answers null, ends the family, and closes what was connected under it", async () => {
    const second = await renew(dashboard, north.auth.refreshToken);
    const third = await renew(dashboard, second?.refreshToken ?? "");
    expect(await renew(dashboard, north.auth.refreshToken)).toBeNull();
    expect(await renew(dashboard, third?.refreshToken ?? "")).toBeNull();
    await dashboard.closed;
    const access = await fleet.rest("GET /api/auth/me", { token: third?.accessToken ?? "" });
    expect(access.status).toBe(401);
  });

  test("with a made-up token answers null, and the connection stays", async () => {
    expect(await renew(dashboard, "made up")).toBeNull();
    expect(dashboard.connection.state).toBe("Connected");
  });

  test("by a phone answers null, and does not spend the user's token", async () => {
    const van = await fleet.device({ account: "north" });
    expect(await renew(van, north.auth.refreshToken)).toBeNull();
    expect(await renew(dashboard, north.auth.refreshToken)).not.toBeNull();
  });

  test("with the token of another user of the account goes on as that user", async () => {
    const { id, auth } = await fleet.colleague("north", "viewer");
    const renewed = await renew(dashboard, auth.refreshToken);
    expect(renewed?.user).toMatchObject({ id, role: "viewer" });
    clock.leap(quarterHour - 10_000);
    expect((await renew(dashboard, renewed?.refreshToken ?? ""))?.user).toMatchObject({ id });
  });
});
