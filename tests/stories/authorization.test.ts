import { fleetHub, type OperationId, operations, pairingHub, type Role } from "@dsp-fleet/contract";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fleetAccess, pairingAccess, restAccess } from "../lib/access-table.ts";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { forgedTokens } from "../lib/forged-tokens.ts";
import { heldClock } from "../lib/held-clock.ts";
import { aWhile, type HubClient } from "../lib/hub-client.ts";
import { withoutTraceId } from "../lib/rest.ts";
import { absentId, oneOfEach, type ThingName } from "../lib/things.ts";
import { type ValidRequest, validRequests } from "../lib/valid-bodies.ts";

const clock = heldClock();
const metricsToken = "the-operators-own-token";
let fleet: Fleet;
/** Good tokens of the account north, by who holds them. */
let good: Record<Role | "device" | "operator", string>;
/** Tokens that must open nothing, by what is wrong with them. */
let bad: Record<string, string>;
let ownerOfSouth: string;
let things: Record<ThingName, string>;
let requests: Map<string, ValidRequest>;

beforeAll(async () => {
  fleet = await startFleet({ clock, settings: { metricsToken } });
  const { token: owner, auth } = await fleet.account("north");
  ownerOfSouth = (await fleet.account("south")).token;
  const { accessToken: device } = await fleet.pair("north");
  good = {
    owner,
    dispatcher: (await fleet.colleague("north", "dispatcher")).token,
    viewer: (await fleet.colleague("north", "viewer")).token,
    device,
    operator: metricsToken,
  };
  things = await oneOfEach(fleet, "north", "things");
  const unbound = await fleet.pair("north");
  await fleet.rest(`DELETE /api/devices/${unbound.deviceId}`, { token: owner });
  const signedOut = await fleet.colleague("north", "owner");
  const { refreshToken } = signedOut.auth;
  await fleet.rest("POST /api/auth/logout", { token: signedOut.token, body: { refreshToken } });
  const disabled = await fleet.colleague("north", "owner");
  await fleet.rest(`PATCH /api/users/${disabled.id}`, { token: owner, body: { disabled: true } });
  const removed = await fleet.colleague("north", "owner");
  await fleet.rest(`DELETE /api/users/${removed.id}`, { token: owner });
  const forged = await forgedTokens(fleet.dataDir, owner);
  bad = {
    "an expired one": forged["an expiry in the past"] ?? "",
    "one for another audience": forged["another audience"] ?? "",
    "one signed by somebody else": forged["another key"] ?? "",
    "a refresh token": auth.refreshToken,
    "the one of an unbound device": unbound.accessToken,
    "the one of an ended session": signedOut.token,
    "the one of a disabled user": disabled.token,
    "the one of a removed user": removed.token,
  };
  requests = validRequests((await fleet.rest<Parameters<typeof validRequests>[0]>("GET /openapi/v1.json")).body);
});
afterAll(() => fleet[Symbol.asyncDispose]());

const ids = Object.keys(operations) as OperationId[];
const rowOf = (id: OperationId) => [restAccess[id]].flat() as [string, ThingName?];

/** The call with this id in its path; nothing stands behind it that it could change. */
function call(
  id: OperationId,
  inPath: string,
  given: { token?: string; body?: unknown; headers?: Record<string, string> },
) {
  const { method, path } = operations[id];
  const query = requests.get(id)?.query ?? "";
  return fleet.rest(`${method} ${path.replaceAll(/\{\w+\}/g, inPath)}${query}`, given);
}

const idThatNobodyHas = (id: OperationId) => {
  const thing = rowOf(id)[1];
  return thing === undefined ? "1" : absentId(things[thing]);
};

const allowed: Record<string, readonly string[]> = {
  anyone: ["owner", "dispatcher", "viewer", "device", "operator"],
  user: ["owner", "dispatcher", "viewer"],
  viewer: ["owner", "dispatcher", "viewer"],
  dispatcher: ["owner", "dispatcher"],
  owner: ["owner"],
  device: ["device"],
  account: ["owner", "dispatcher", "viewer", "device"],
  operator: ["operator"],
};

describe("every operation of the contract", () => {
  test("has its line in the table, and the table has no other", () => {
    expect(Object.keys(restAccess).toSorted()).toEqual(ids.toSorted());
    expect(Object.keys(fleetAccess).toSorted()).toEqual(Object.keys(fleetHub.methods).toSorted());
    expect(Object.keys(pairingAccess).toSorted()).toEqual(Object.keys(pairingHub.methods).toSorted());
  });

  test.each(ids)("%s is open to whom the table names, and shut to everybody else", async (id) => {
    const [who] = rowOf(id);
    const answers: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const [name, token] of Object.entries(good)) {
      const { status } = await call(id, idThatNobodyHas(id), { token });
      expect(status, `${name}: ${status}`).toBeLessThan(500);
      answers[name] = status === 401 || status === 403 ? String(status) : "open";
      // Two kinds of secrets: a person's token is none for the operator's door, nor the other way round.
      const isStranger = (name === "operator") !== (who === "operator");
      expected[name] = allowed[who]?.includes(name) === true ? "open" : isStranger ? "401" : "403";
    }
    expect(answers).toEqual(expected);
  });

  test.each(ids)("%s takes no token that is missing or not good", async (id) => {
    const isOpen = rowOf(id)[0] === "anyone";
    const anonymous = await call(id, idThatNobodyHas(id), {});
    expect([401, 403].includes(anonymous.status)).toBe(!isOpen);
    for (const [what, token] of Object.entries(bad)) {
      const answer = await call(id, idThatNobodyHas(id), { token });
      expect([what, answer.status]).toEqual([what, isOpen ? anonymous.status : 401]);
    }
  });
});

describe("an id of another account", () => {
  const withThing = ids.filter((id) => operations[id].path.includes("{"));

  test("stands in no path of which the table does not say what it names", () => {
    expect(ids.filter((id) => rowOf(id)[1] !== undefined)).toEqual(withThing);
  });

  test.each(withThing)("is answered by %s as an id that nobody has, byte for byte", async (id) => {
    const [who, thing] = rowOf(id);
    const own = things[thing as ThingName];
    const token = who === "device" ? (await fleet.pair("south")).accessToken : ownerOfSouth;
    const body = requests.get(id)?.body;
    for (const headers of [{}, { "if-match": '"1"' }, { "if-match": '"99"' }]) {
      const given = { token, headers, ...(body === undefined ? {} : { body }) };
      const [foreign, absent] = [await call(id, own, given), await call(id, absentId(own), given)];
      expect([foreign.status, foreign.body]).toMatchObject([404, { code: "not-found" }]);
      expect(withoutTraceId(foreign)).toBe(withoutTraceId(absent));
    }
  });
});

describe("every method of FleetHub", () => {
  const refusal = (method: string) => `Failed to invoke '${method}' because user is unauthorized`;
  const methods = Object.keys(fleetHub.methods) as (keyof typeof fleetAccess)[];

  /** Who of the connections is refused; a call without arguments gets no further than that. */
  async function refused(method: string, connections: Record<string, HubClient>): Promise<string[]> {
    const names: string[] = [];
    for (const [name, client] of Object.entries(connections)) {
      const said = await client.invoke(method).then(
        () => "done",
        (error: Error) => error.message,
      );
      if (said.endsWith(refusal(method))) names.push(name);
    }
    return names;
  }

  test("is open to whom the table names; once the token has run out only to refresh it", async () => {
    const connections = {
      owner: await fleet.hub("/hubs/fleet", { token: good.owner }),
      dispatcher: await fleet.hub("/hubs/fleet", { token: good.dispatcher }),
      viewer: await fleet.hub("/hubs/fleet", { token: good.viewer }),
      device: await fleet.hub("/hubs/fleet", { token: good.device }),
    };
    const users = ["owner", "dispatcher", "viewer"];
    for (const method of methods) {
      const expected = fleetAccess[method] === "device" ? users : [];
      expect([method, await refused(method, connections)]).toEqual([method, expected]);
    }
    const runsOut = (token: string) => Number(decodeJwt(token).exp) * 1000 - clock.now() + 10_000;
    for (const { names, token } of [
      { names: users, token: good.owner },
      { names: ["device"], token: good.device },
    ]) {
      clock.leap(runsOut(token));
      const late = Object.fromEntries(Object.entries(connections).filter(([name]) => names.includes(name)));
      for (const method of methods) {
        const expected = fleetAccess[method] === "expired" ? [] : names;
        expect([method, await refused(method, late)]).toEqual([method, expected]);
      }
    }
  });

  test("is out of reach of a token that is missing or not good", async () => {
    await expect(fleet.hub("/hubs/fleet")).rejects.toThrow("401");
    for (const token of Object.values(bad)) await expect(fleet.hub("/hubs/fleet", { token })).rejects.toThrow("401");
  });
});

describe("every method of PairingHub", () => {
  test("is open to anyone, whatever token comes along", async () => {
    for (const token of [undefined, bad["an expired one"]]) {
      const client = await fleet.hub("/hubs/pairing", token === undefined ? {} : { token });
      for (const method of Object.keys(pairingAccess)) {
        const answer = await client.invoke(method, ...(method === "RegisterConnectionForPairing" ? [null] : []));
        expect(["boolean", "string"]).toContain(typeof answer);
      }
    }
  });
});

describe("a day of two accounts", () => {
  test("brings no byte of one to the other, over any operation that reads or any hub", async () => {
    await using town = await startFleet();
    const days = await Promise.all([day(town, "red-depot", "red-marker"), day(town, "blue-depot", "blue-marker")]);
    await aWhile(300);
    const [red, blue] = days.map(({ bytes }) => bytes.join("\n"));
    expect(red).toContain("red-marker van");
    expect(blue).toContain("blue-marker van");
    expect(red).not.toMatch(/blue-(marker|depot)/);
    expect(blue).not.toMatch(/red-(marker|depot)/);
  });

  /** Works through an account's day and keeps every answer and every hub message that its people and phones get. */
  async function day(town: Fleet, account: string, marker: string): Promise<{ bytes: string[] }> {
    const bytes: string[] = [];
    const { token, id } = await town.account(account);
    const dashboard = await town.dashboard(account);
    const own = await oneOfEach(town, account, marker);
    const phone = await town.device({ account, name: `${marker} phone` });
    await phone.reportLocation({ lat: 12.345678, lon: 98.765432, appVersion: `${marker} app` });
    await phone.invoke("ReportDeviceInfo", 12, null, `${marker} language`);
    await dashboard.next("DeviceUpdated", (update) => update["appLanguage"] === `${marker} language`);
    for (const operationId of ids.filter((each) => operations[each].method === "GET")) {
      const [who, thing] = rowOf(operationId);
      const asked = operations[operationId].path;
      const query = requests.get(operationId)?.query ?? "";
      // Its own things and, as a stranger, everybody else's.
      const named = thing === undefined ? ["-"] : [own[thing], ...Array.from({ length: 8 }, (_, n) => String(n + 1))];
      for (const each of named) {
        const given = { token: who === "device" ? phone.token : token };
        const answer = await town.rest(`GET ${asked.replaceAll(/\{\w+\}/g, each)}${query}`, given);
        bytes.push(answer.text, JSON.stringify([...answer.headers]));
      }
    }
    expect(id).toBeGreaterThan(0);
    bytes.push(...dashboard.wire, ...phone.wire);
    await aWhile();
    return {
      get bytes() {
        return [...bytes, ...dashboard.wire, ...phone.wire];
      },
    };
  }
});
