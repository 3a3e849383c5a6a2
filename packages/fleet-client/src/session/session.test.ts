import type { AuthResponse } from "@dsp-fleet/contract";
import { describe, expect, test } from "vitest";
import type { Locks } from "../platform.ts";
import { FleetError } from "../rest/fleet-error.ts";
import { virtualClock } from "../testing/virtual-clock.ts";
import { createSession, type SessionOptions } from "./session.ts";
import { memoryStorage } from "./stored-session.ts";

const minute = 60_000;

/** A server that rotates refresh tokens, and takes each once. */
function anAuthServer(now: () => number) {
  const server = {
    refreshes: 0,
    spentTwice: 0,
    loggedOut: [] as string[],
    failure: null as FleetError | null,
    valid: "",
    issue(): AuthResponse {
      const issuedAt = Math.floor(now() / 1000);
      const number = ++server.refreshes;
      server.valid = `refresh-${number}`;
      const payload = btoa(JSON.stringify({ iat: issuedAt, exp: issuedAt + 900, n: number }));
      return {
        accessToken: `head.${payload}.sign`,
        accessTokenExpiresAt: new Date((issuedAt + 900) * 1000).toISOString(),
        refreshToken: server.valid,
        refreshTokenExpiresAt: new Date(now() + 86_400_000).toISOString(),
        tokenType: "Bearer",
        user: { id: 1, email: "ana@example.com", displayName: "Ana", role: "owner" },
        account: {
          id: 1,
          name: "Parcels",
          country: "ES",
          timezone: "Europe/Madrid",
          speedUnit: "kmh",
          periodicAirplaneModeOff: false,
          devicesSeePeers: true,
          retentionDays: 60,
        },
      };
    },
    rest: {
      login: async () => server.issue(),
      register: async () => server.issue(),
      acceptInvite: async () => server.issue(),
      async refresh({ body }: { body: { refreshToken: string } }) {
        await Promise.resolve();
        if (server.failure !== null) throw server.failure;
        if (body.refreshToken !== server.valid) {
          server.spentTwice += 1;
          throw new FleetError("invalid-refresh-token", { status: 401, detail: "spent" });
        }
        return server.issue();
      },
      async logout({ body }: { body: { refreshToken: string } }) {
        if (server.failure !== null) throw server.failure;
        server.loggedOut.push(body.refreshToken);
        return null;
      },
    },
  };
  return server;
}

function aBrowser(serverAheadMs = 0) {
  const clock = virtualClock();
  const server = anAuthServer(() => clock.now() + serverAheadMs);
  const storage = memoryStorage();
  const tab = (options: Partial<SessionOptions> = {}) =>
    createSession({ rest: server.rest, storage, clock, locks: null, ...options });
  return { clock, server, storage, tab };
}

const credentials = { email: "ana@example.com", password: "12345678" };
const unreachable = new FleetError("unreachable", { status: null, detail: "no network" });

test("a sign-in outlives the page", async () => {
  const { tab } = aBrowser();
  await tab().signIn(credentials);
  expect(tab().signedIn?.user.displayName).toBe("Ana");
});

test("whoever follows an invitation is signed in as from a sign-in", async () => {
  const { tab } = aBrowser();
  await tab().acceptInvite({ token: "from-the-link", password: "12345678" });
  expect(tab().signedIn?.user.displayName).toBe("Ana");
});

test("an invitation that is accepted signs out whoever was signed in, on the server too", async () => {
  const { server, tab } = aBrowser();
  await tab().signIn(credentials);
  const before = await tab().accessToken();
  const loggedOutBy: unknown[] = [];
  const logout: typeof server.rest.logout = async (request) => {
    loggedOutBy.push(await session.accessToken());
    return server.rest.logout(request);
  };
  const session = tab({ rest: { ...server.rest, logout } });
  await session.acceptInvite({ token: "from-the-link", password: "12345678" });
  expect([loggedOutBy, server.loggedOut]).toEqual([[before], ["refresh-1"]]);
  expect(await session.accessToken()).not.toBe(before);
});

test("an invitation that is refused leaves whoever is signed in as they are", async () => {
  const { server, tab } = aBrowser();
  await tab().signIn(credentials);
  const refused = new FleetError("invitation-unknown", { status: 404, detail: "used" });
  const session = tab({ rest: { ...server.rest, acceptInvite: () => Promise.reject(refused) } });
  await expect(session.acceptInvite({ token: "used", password: "12345678" })).rejects.toThrow("used");
  expect([session.signedIn?.user.displayName, server.loggedOut]).toEqual(["Ana", []]);
});

test("what is stored and is no session counts as signed out", () => {
  const { storage, tab } = aBrowser();
  storage.setItem("dsp-fleet.session", '{"auth":{"accessToken":1}}');
  expect(tab().signedIn).toBeNull();
});

describe("the access token", () => {
  test("is the same until thirty seconds before its end, then a fresh one", async () => {
    const { clock, server, tab } = aBrowser();
    const session = tab();
    await session.signIn(credentials);
    const first = await session.accessToken();
    await clock.advance(14 * minute);
    expect(await session.accessToken()).toBe(first);
    await clock.advance(31_000);
    expect(await session.accessToken()).not.toBe(first);
    expect(server.refreshes).toBe(2);
  });

  test("is refreshed once for all who ask at the same time", async () => {
    const { clock, server, tab } = aBrowser();
    const session = tab();
    await session.signIn(credentials);
    await clock.advance(15 * minute);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => session.accessToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(server.refreshes).toBe(2);
  });

  test("two tabs do not spend the same refresh token", async () => {
    const { clock, server, tab } = aBrowser();
    const [one, other] = [tab(), tab()];
    await one.signIn(credentials);
    await clock.advance(15 * minute);
    await one.accessToken();
    await other.accessToken();
    expect(server).toMatchObject({ refreshes: 2, spentTwice: 0 });
  });

  test("nor do they with locks, when they ask in the same moment", async () => {
    const { clock, server, tab } = aBrowser();
    let queue: Promise<unknown> = Promise.resolve();
    const locks: Locks = {
      request: (_, callback) => {
        const before = queue;
        const turn = (async () => {
          await before;
          return callback();
        })();
        queue = turn;
        return turn;
      },
    };
    const [one, other] = [tab({ locks }), tab({ locks })];
    await one.signIn(credentials);
    await clock.advance(15 * minute);
    const [a, b] = await Promise.all([one.accessToken(), other.accessToken()]);
    expect(a).toBe(b);
    expect(server).toMatchObject({ refreshes: 2, spentTwice: 0 });
  });

  test.each([-3 * 3_600_000, 3 * 3_600_000])("a clock that is off by %i ms costs no refresh", async (aheadMs) => {
    const { clock, server, tab } = aBrowser(aheadMs);
    const session = tab();
    await session.signIn(credentials);
    for (let asked = 0; asked < 10; asked++) {
      await session.accessToken();
      await clock.advance(minute);
    }
    expect(server.refreshes).toBe(1);
  });

  test("that the server refuses is replaced, also before its time", async () => {
    const { server, tab } = aBrowser();
    const session = tab();
    await session.signIn(credentials);
    const first = await session.accessToken();
    expect(await session.accessToken(first ?? "")).not.toBe(first);
    expect(server.refreshes).toBe(2);
  });
});

describe("the end of a session", () => {
  test("a refused refresh signs out, and says so", async () => {
    const { clock, server, tab } = aBrowser();
    const session = tab();
    const seen: unknown[] = [];
    await session.signIn(credentials);
    session.onChange((signedIn) => seen.push(signedIn));
    server.valid = "somebody else's";
    await clock.advance(15 * minute);
    expect(await session.accessToken()).toBeNull();
    expect(seen).toEqual([null]);
  });

  test("a network failure does not", async () => {
    const { clock, server, tab } = aBrowser();
    const session = tab();
    await session.signIn(credentials);
    server.failure = unreachable;
    await clock.advance(15 * minute);
    await expect(session.accessToken()).rejects.toBe(unreachable);
    server.failure = null;
    expect(await session.accessToken()).not.toBeNull();
  });

  test("signing out works without a network, and tells the server when there is one", async () => {
    const { server, tab } = aBrowser();
    const session = tab();
    await session.signIn(credentials);
    await session.signOut();
    expect(session.signedIn).toBeNull();
    expect(server.loggedOut).toEqual(["refresh-1"]);
    await session.signIn(credentials);
    server.failure = unreachable;
    await session.signOut();
    expect(session.signedIn).toBeNull();
  });

  test("another tab's sign-out is seen here", async () => {
    const { storage, tab } = aBrowser();
    const otherTabs = new EventTarget();
    const session = tab({ otherTabs });
    await session.signIn(credentials);
    storage.removeItem("dsp-fleet.session");
    otherTabs.dispatchEvent(Object.assign(new Event("storage"), { key: "dsp-fleet.session" }));
    expect(session.signedIn).toBeNull();
  });
});

test("a renewal over the hub is kept as a refresh is; a refused one signs out", async () => {
  const { server, tab } = aBrowser();
  const session = tab();
  await session.signIn(credentials);
  await session.renew(async (refreshToken) => server.rest.refresh({ body: { refreshToken } }));
  expect(server.refreshes).toBe(2);
  await session.renew(async () => null);
  expect(session.signedIn).toBeNull();
});
