import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { forgedTokens } from "../lib/forged-tokens.ts";
import { heldClock } from "../lib/held-clock.ts";
import { upgradeStatus } from "../lib/upgrade.ts";

let fleet: Fleet;
const clock = heldClock();

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** What each of the doors answers to a token: REST, negotiate and connect, by header and by query. */
async function doors(token: string | undefined): Promise<number[]> {
  const query = token === undefined ? "" : `&access_token=${encodeURIComponent(token)}`;
  const given = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
  return [
    (await fleet.rest("GET /api/devices", given)).status,
    (await fleet.rest("POST /hubs/fleet/negotiate?negotiateVersion=1", given)).status,
    (await fleet.rest(`POST /hubs/fleet/negotiate?negotiateVersion=1${query}`)).status,
    await upgradeStatus(fleet.port, "/hubs/fleet", given.headers),
    await upgradeStatus(fleet.port, `/hubs/fleet?x=1${query}`),
  ];
}

describe("a token", () => {
  test("that is good opens every door", async () => {
    const { token } = await fleet.account("north");
    expect(await doors(token)).toEqual([200, 200, 200, 101, 101]);
  });

  test("that is missing opens none", async () => {
    expect(await doors(undefined)).toEqual([401, 401, 401, 401, 401]);
    await expect(fleet.hub("/hubs/fleet")).rejects.toThrow("401");
    await expect(fleet.hub("/hubs/fleet", { skipNegotiation: true })).rejects.toThrow("WebSocket failed to connect");
  });

  test("that was forged opens none", async () => {
    const { token } = await fleet.account("north");
    for (const [what, forged] of Object.entries(await forgedTokens(fleet.dataDir, token))) {
      expect([what, ...(await doors(forged))]).toEqual([what, 401, 401, 401, 401, 401]);
    }
  });

  test("of another server opens none", async () => {
    await using other = await startFleet();
    const { token } = await other.account("north");
    expect(await doors(token)).toEqual([401, 401, 401, 401, 401]);
    const { accessToken } = await other.pair("north");
    expect(await doors(accessToken)).toEqual([401, 401, 401, 401, 401]);
  });

  test("for refreshing is none for access", async () => {
    const { auth } = await fleet.account("north");
    expect(await doors(auth.refreshToken)).toEqual([401, 401, 401, 401, 401]);
  });

  test("for access is none for refreshing", async () => {
    const { token } = await fleet.account("north");
    const answer = await fleet.rest("POST /api/auth/refresh", { body: { refreshToken: token } });
    expect([answer.status, answer.body]).toMatchObject([401, { code: "invalid-refresh-token" }]);
  });

  test("of a user runs out after fifteen minutes", async () => {
    const { token, auth } = await fleet.account("short");
    const life = Date.parse(auth.accessTokenExpiresAt) - clock.now();
    expect(life).toBeGreaterThan(14.5 * 60_000);
    expect(life).toBeLessThanOrEqual(15 * 60_000);
    clock.leap(life + 65_000);
    expect(await doors(token)).toEqual([401, 401, 401, 401, 401]);
  });

  test("of a device is refused where a user is needed, and the other way round", async () => {
    const { accessToken } = await fleet.pair("mixed");
    const { token } = await fleet.account("mixed");
    const asDevice = ["GET /api/devices", "GET /api/fleet/live", "GET /api/account", "GET /api/auth/me"];
    for (const request of [...asDevice, "GET /api/devices/1", "DELETE /api/devices/1"]) {
      const answer = await fleet.rest(request, { token: accessToken });
      expect([request, answer.status, answer.body]).toMatchObject([request, 403, { code: "forbidden" }]);
    }
    const logout = await fleet.rest("POST /api/auth/logout", { token: accessToken, body: { refreshToken: "x" } });
    expect(logout.status).toBe(403);
    expect((await fleet.rest("GET /api/device/me", { token })).status).toBe(403);
    expect((await fleet.rest("GET /api/device/me", { token: accessToken })).status).toBe(200);
    expect((await fleet.rest("GET /api/device/me")).status).toBe(401);
  });

  test("of any kind changes nothing on PairingHub", async () => {
    const { token } = await fleet.account("pairing");
    for (const given of [token, "nonsense"]) {
      const client = await fleet.hub("/hubs/pairing", { token: given });
      expect(await client.invoke("RegisterConnectionForPairing", "x")).toBe(false);
    }
  });

  test("never comes back in an answer's headers or a problem's words", async () => {
    const { token } = await fleet.account("north");
    const answer = await fleet.rest(`GET /api/nothing?access_token=${token}`, { token });
    expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(token.slice(-20));
  });
});

describe("a connection token", () => {
  test("that somebody else negotiated is refused with 403, and stays good for its owner", async () => {
    const [north, south] = [await fleet.account("owner"), await fleet.account("thief")];
    const { body } = await fleet.rest<{ connectionToken: string }>("POST /hubs/fleet/negotiate?negotiateVersion=1", {
      token: north.token,
    });
    const path = `/hubs/fleet?id=${body.connectionToken}`;
    const as = (token: string) => upgradeStatus(fleet.port, path, { authorization: `Bearer ${token}` });
    expect(await as(south.token)).toBe(403);
    const { accessToken } = await fleet.pair("owner");
    expect(await as(accessToken)).toBe(403);
    expect(await as(north.token)).toBe(101);
  });

  test("that nobody was given is not found", async () => {
    const { token } = await fleet.account("owner");
    const given = { authorization: `Bearer ${token}` };
    expect(await upgradeStatus(fleet.port, "/hubs/fleet?id=AAAAAAAAAAAAAAAAAAAAAA", given)).toBe(404);
  });
});
