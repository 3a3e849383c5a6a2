import type { AuthResponse } from "@dsp-fleet/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { accountDetails } from "../lib/people.ts";
import { sortedStatuses, withoutTraceId } from "../lib/rest.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const refresh = (refreshToken: string) =>
  fleet.rest<AuthResponse>("POST /api/auth/refresh", { body: { refreshToken } });
const isGood = async (refreshToken: string) => (await refresh(refreshToken)).status === 200;

describe("registering", () => {
  test("makes an account and signs its owner in", async () => {
    const { auth } = await fleet.account("north");
    expect(auth).toMatchObject({
      tokenType: "Bearer",
      user: { email: "north@example.com", displayName: "Dispatcher of north", role: "owner" },
      account: { name: "north", country: "DE", timezone: "Europe/Berlin", speedUnit: "kmh" },
    });
    const me = await fleet.rest("GET /api/auth/me", { token: auth.accessToken });
    expect(me.body).toEqual({ user: auth.user, account: auth.account });
  });

  test("twice with one address, in whatever case, is refused", async () => {
    await fleet.account("twice");
    for (const email of ["twice@example.com", "TWICE@Example.COM"]) {
      const answer = await fleet.rest("POST /api/auth/register", { body: { ...accountDetails("twice"), email } });
      expect([answer.status, answer.body]).toMatchObject([409, { code: "email-in-use" }]);
    }
  });

  test("at the same moment with one address succeeds once", async () => {
    const body = accountDetails("race");
    const answers = await Promise.all([1, 2, 3].map(() => fleet.rest("POST /api/auth/register", { body })));
    expect(sortedStatuses(answers)).toEqual([201, 409, 409]);
  });
});

describe("signing in", () => {
  test("works with the address in any case and the password to the letter", async () => {
    const { password } = await fleet.account("login");
    const login = (email: string, given: string) =>
      fleet.rest("POST /api/auth/login", { body: { email, password: given } });
    expect((await login("LOGIN@example.com", password)).status).toBe(200);
    expect((await login("login@example.com", password.toUpperCase())).status).toBe(401);
    expect((await login("login@example.com", `${password} `)).status).toBe(401);
  });

  test("answers an unknown address and a wrong password alike, byte for byte", async () => {
    await fleet.account("alike");
    const [unknown, wrong] = await Promise.all(
      ["nobody@example.com", "alike@example.com"].map((email) =>
        fleet.rest("POST /api/auth/login", { body: { email, password: "not the password" } }),
      ),
    );
    expect([unknown?.status, unknown?.body]).toMatchObject([401, { code: "invalid-credentials" }]);
    expect(unknown && withoutTraceId(unknown)).toBe(wrong && withoutTraceId(wrong));
  });

  test("stops taking more at once than it can work through, and says when to try again", async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, number) => {
        const body = { email: `nobody-${number}@example.com`, password: "not the password" };
        return fleet.rest("POST /api/auth/login", { body });
      }),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 429 || status === 401)).toBe(true);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("a refresh token", () => {
  test("is traded for the next, again and again", async () => {
    let { auth } = await fleet.account("rotates");
    const seen = new Set([auth.refreshToken]);
    for (let round = 0; round < 4; round += 1) {
      const { status, body } = await refresh(auth.refreshToken);
      expect(status).toBe(200);
      expect((await fleet.rest("GET /api/auth/me", { token: body.accessToken })).status).toBe(200);
      seen.add(body.refreshToken);
      auth = body;
    }
    expect(seen.size).toBe(5);
  });

  test("answers with the same successor again while that one is unused: a lost answer logs nobody out", async () => {
    const { auth } = await fleet.account("lost-answer");
    const first = await refresh(auth.refreshToken);
    clock.leap(50_000);
    const again = await refresh(auth.refreshToken);
    expect(again.status).toBe(200);
    expect(again.body.refreshToken).toBe(first.body.refreshToken);
    expect(await isGood(again.body.refreshToken)).toBe(true);
  });

  test("sent twice at the same moment gets one successor", async () => {
    const { auth } = await fleet.account("two-tabs");
    const [a, b] = await Promise.all([refresh(auth.refreshToken), refresh(auth.refreshToken)]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect(a.body.refreshToken).toBe(b.body.refreshToken);
  });

  test("sent again after its successor was used ends the whole family", async () => {
    const { auth } = await fleet.account("stolen");
    const { body: second } = await refresh(auth.refreshToken);
    const { body: third } = await refresh(second.refreshToken);
    const reused = await refresh(auth.refreshToken);
    expect([reused.status, reused.body]).toMatchObject([401, { code: "invalid-refresh-token" }]);
    for (const token of [auth, second, third]) expect(await isGood(token.refreshToken)).toBe(false);
  });

  test("sent again after a minute ends the whole family", async () => {
    const { auth } = await fleet.account("late");
    const { body: second } = await refresh(auth.refreshToken);
    clock.leap(61_000);
    expect(await isGood(auth.refreshToken)).toBe(false);
    expect(await isGood(second.refreshToken)).toBe(false);
  });

  test("of an ended family leaves the user's other sessions alone", async () => {
    const { auth, email, password } = await fleet.account("two-browsers");
    const other = await fleet.rest<AuthResponse>("POST /api/auth/login", { body: { email, password } });
    const { body: second } = await refresh(auth.refreshToken);
    await refresh(second.refreshToken);
    expect(await isGood(auth.refreshToken)).toBe(false);
    expect(await isGood(other.body.refreshToken)).toBe(true);
  });

  test("runs out after thirty days without use", async () => {
    const { auth } = await fleet.account("idle");
    clock.leap(30 * 24 * 3_600_000 + 1_000);
    expect(await isGood(auth.refreshToken)).toBe(false);
  });

  test.each(["x", "é".repeat(100), "A".repeat(43), " "])("that is made up is refused: %s", async (refreshToken) => {
    const answer = await refresh(refreshToken);
    expect([answer.status, answer.body]).toMatchObject([401, { code: "invalid-refresh-token" }]);
  });

  test("is dead after logging out, and the access token with it", async () => {
    const { auth } = await fleet
      .account("out")
      .then((account) =>
        fleet
          .rest<AuthResponse>("POST /api/auth/login", { body: { email: account.email, password: account.password } })
          .then(({ body }) => ({ auth: body })),
      );
    const logout = () =>
      fleet.rest("POST /api/auth/logout", { token: auth.accessToken, body: { refreshToken: auth.refreshToken } });
    expect((await logout()).status).toBe(204);
    expect(await isGood(auth.refreshToken)).toBe(false);
    expect((await fleet.rest("GET /api/auth/me", { token: auth.accessToken })).status).toBe(401);
    expect((await logout()).status).toBe(401);
  });

  test("of somebody else is not ended by logging out with it", async () => {
    const [victim, stranger] = [await fleet.account("victim"), await fleet.account("stranger")];
    const { body: fresh } = await fleet.rest<AuthResponse>("POST /api/auth/login", {
      body: { email: stranger.email, password: stranger.password },
    });
    await fleet.rest("POST /api/auth/logout", {
      token: fresh.accessToken,
      body: { refreshToken: victim.auth.refreshToken },
    });
    expect(await isGood(victim.auth.refreshToken)).toBe(true);
  });
});
