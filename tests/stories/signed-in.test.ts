import type { AuthResponse, Session } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import type { HubClient } from "../lib/hub-client.ts";
import { callRest, withoutTraceId } from "../lib/rest.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock, settings: { trustProxy: true } });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const signIn = async (email: string, password: string, userAgent = "a browser") =>
  (
    await fleet.rest<AuthResponse>("POST /api/auth/login", {
      body: { email, password },
      headers: { "user-agent": userAgent },
    })
  ).body;
const sessionsOf = async (token: string, query = "") =>
  (await fleet.rest<{ items: Session[]; nextCursor: string | null }>(`GET /api/auth/sessions${query}`, { token })).body;
const isAlive = async (auth: AuthResponse) =>
  (await fleet.rest("GET /api/auth/me", { token: auth.accessToken })).status === 200;

async function closesWithinASecond(client: HubClient): Promise<void> {
  const from = performance.now();
  await client.closed;
  expect(performance.now() - from).toBeLessThan(1_000);
}

describe("a person's sessions", () => {
  test("are listed with the browser and the last use; which one asks is marked", async () => {
    const { email, password, auth } = await fleet.account("lists");
    clock.leap(60_000);
    const phone = await signIn(email, password, "A phone");
    const { items } = await sessionsOf(phone.accessToken);
    expect(items).toMatchObject([{ userAgent: "A phone", isCurrent: true }, { isCurrent: false }]);
    clock.leap(60_000);
    await fleet.rest("POST /api/auth/refresh", { body: { refreshToken: auth.refreshToken } });
    const [, first] = (await sessionsOf(phone.accessToken)).items;
    expect(Date.parse(first?.lastUsedAt ?? "") - Date.parse(first?.createdAt ?? "")).toBeGreaterThanOrEqual(119_000);
  });

  test("come in pages", async () => {
    const { email, password, token } = await fleet.account("pages");
    for (let n = 0; n < 4; n += 1) await signIn(email, password);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await sessionsOf(token, `?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  test("end one by one: tokens dead at once, live connection closed within a second, the others untouched", async () => {
    const { email, password, auth } = await fleet.account("ends");
    const other = await signIn(email, password);
    const [screen, own] = [
      await fleet.hub("/hubs/fleet", { token: other.accessToken, reconnect: [0, 0] }),
      await fleet.dashboard("ends"),
    ];
    const [ended] = (await sessionsOf(other.accessToken)).items.filter(({ isCurrent }) => isCurrent);
    const request = `DELETE /api/auth/sessions/${ended?.id ?? ""}`;
    expect((await fleet.rest(request, { token: auth.accessToken })).status).toBe(204);
    expect(await isAlive(other)).toBe(false);
    await closesWithinASecond(screen);
    const refreshed = await fleet.rest("POST /api/auth/refresh", { body: { refreshToken: other.refreshToken } });
    expect(refreshed.status).toBe(401);
    expect([own.connection.state, await isAlive(auth)]).toEqual(["Connected", true]);
    expect((await sessionsOf(auth.accessToken)).items).toHaveLength(1);
    expect((await fleet.rest(request, { token: auth.accessToken })).status).toBe(404);
  });

  test("of a colleague look like sessions that do not exist", async () => {
    const { token } = await fleet.account("nosy");
    const ben = await fleet.colleague("nosy", "viewer");
    const [his] = (await sessionsOf(ben.token)).items;
    const foreign = await fleet.rest(`DELETE /api/auth/sessions/${his?.id ?? ""}`, { token });
    const absent = await fleet.rest("DELETE /api/auth/sessions/none", { token });
    expect(foreign.status).toBe(404);
    expect(withoutTraceId(foreign)).toBe(withoutTraceId(absent));
    expect(await isAlive(ben.auth)).toBe(true);
  });

  test("that end by signing out take their live connection along", async () => {
    const { email, password } = await fleet.account("signs-out");
    const auth = await signIn(email, password);
    const screen = await fleet.hub("/hubs/fleet", { token: auth.accessToken });
    await fleet.rest("POST /api/auth/logout", {
      token: auth.accessToken,
      body: { refreshToken: auth.refreshToken },
    });
    expect(await isAlive(auth)).toBe(false);
    await closesWithinASecond(screen);
  });
});

describe("a new password", () => {
  test("ends every other session of the person and leaves this one", async () => {
    const { email, password, auth } = await fleet.account("changes");
    const other = await signIn(email, password);
    const screen = await fleet.hub("/hubs/fleet", { token: other.accessToken });
    const ben = await fleet.colleague("changes", "viewer");
    const body = { currentPassword: password, newPassword: "another password" };
    expect((await fleet.rest("POST /api/auth/me/password", { token: auth.accessToken, body })).status).toBe(204);
    expect([await isAlive(auth), await isAlive(other), await isAlive(ben.auth)]).toEqual([true, false, true]);
    await closesWithinASecond(screen);
    const login = (given: string) => fleet.rest("POST /api/auth/login", { body: { email, password: given } });
    expect((await login(password)).status).toBe(401);
    expect((await login("another password")).status).toBe(200);
  });

  test("needs the one of before, and is judged as at registering", async () => {
    const { token, password, email } = await fleet.account("keeps");
    const attempt = (body: object) => fleet.rest("POST /api/auth/me/password", { token, body });
    const wrong = await attempt({ currentPassword: "not it", newPassword: "another password" });
    expect([wrong.status, wrong.body]).toMatchObject([403, { code: "wrong-password" }]);
    expect((await attempt({ currentPassword: password, newPassword: "short" })).status).toBe(400);
    expect((await fleet.rest("POST /api/auth/login", { body: { email, password } })).status).toBe(200);
  });
});

describe("attempts to sign in", () => {
  const attempt = (email: string, from: string, password = "wrong password") =>
    callRest<{ code: string }>(fleet.address, "POST /api/auth/login", {
      body: { email, password },
      headers: { "x-forwarded-for": from },
    });

  test("with one address of mail are limited, from however many places, whether it is known or not", async () => {
    await fleet.account("guessed");
    for (const email of ["guessed@example.com", "unknown@example.com"]) {
      const answers = [];
      for (let n = 0; n < 11; n += 1) answers.push(await attempt(email, `203.0.113.${n}`));
      expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(401), 429]);
      const [limited] = answers.slice(-1);
      expect(limited?.body.code).toBe("rate-limited");
      const wait = Number(limited?.headers.get("retry-after"));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(20);
      // The right password is no way around it, and no other person is held up.
      expect((await attempt(email, "203.0.113.99", "guessed's password")).status).toBe(429);
      clock.leap(wait * 1_000);
      expect((await attempt(email, "203.0.113.99")).status).toBe(401);
    }
    await fleet.account("bystander");
    expect((await attempt("bystander@example.com", "203.0.113.1", "bystander's password")).status).toBe(200);
  });

  test("from one place are limited, whichever addresses of mail they try, and no other place is", async () => {
    // A bucket of 100 that fills again by one a second while the attempts run.
    let refusedAfter = 0;
    for (; refusedAfter < 1_000; refusedAfter += 1) {
      const { status } = await attempt(`somebody-${refusedAfter}@example.com`, "198.51.100.7");
      if (status === 429) break;
      expect(status).toBe(401);
    }
    expect(refusedAfter).toBeGreaterThanOrEqual(100);
    expect(refusedAfter).toBeLessThan(1_000);
    expect((await attempt("elsewhere@example.com", "198.51.100.8")).status).toBe(401);
  });

  test("take as long for an unknown address as for a wrong password", async () => {
    await fleet.account("timed");
    const times: Record<string, number[]> = { "timed@example.com": [], "untimed@example.com": [] };
    for (let round = 0; round < 9; round += 1) {
      for (const [email, taken] of Object.entries(times)) {
        const from = performance.now();
        await attempt(email, "192.0.2.1");
        taken.push(performance.now() - from);
      }
    }
    const [known = 0, unknown = 0] = Object.values(times).map((taken) => taken.toSorted((a, b) => a - b)[4]);
    // Without the hash that is compared with nobody's password it is a twentieth.
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });
});

describe("a device's token", () => {
  test("is traded for a fresh one; the old one stays good until its own end", async () => {
    const { accessToken } = await fleet.pair("renews");
    clock.leap(60_000);
    const renewed = await fleet.rest<{ accessToken: string; accessTokenExpiresAt: string }>("POST /api/device/token", {
      token: accessToken,
    });
    expect(renewed.status).toBe(200);
    const life = Date.parse(renewed.body.accessTokenExpiresAt) - clock.now();
    expect(life / (24 * 3_600_000)).toBeCloseTo(90, 1);
    for (const token of [accessToken, renewed.body.accessToken]) {
      expect((await fleet.rest("GET /api/device/me", { token })).status).toBe(200);
    }
    clock.leap(90 * 24 * 3_600_000 - 30_000);
    expect((await fleet.rest("GET /api/device/me", { token: accessToken })).status).toBe(401);
    expect((await fleet.rest("GET /api/device/me", { token: renewed.body.accessToken })).status).toBe(200);
  });

  test("is dead with all its successors once the device is unbound", async () => {
    const { accessToken, deviceId } = await fleet.pair("unbinds");
    const { body } = await fleet.rest<{ accessToken: string }>("POST /api/device/token", { token: accessToken });
    const { token } = await fleet.signIn("unbinds");
    await fleet.rest(`DELETE /api/devices/${deviceId}`, { token });
    for (const dead of [accessToken, body.accessToken]) {
      expect((await fleet.rest("GET /api/device/me", { token: dead })).status).toBe(401);
      expect((await fleet.rest("POST /api/device/token", { token: dead })).status).toBe(401);
      await expect(fleet.hub("/hubs/fleet", { token: dead })).rejects.toThrow("401");
    }
  });
});
