import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { accountDetails, newGuid } from "../lib/people.ts";
import type { RestOptions } from "../lib/rest.ts";

let fleet: Fleet;
let token: string;

beforeAll(async () => {
  fleet = await startFleet();
  ({ token } = await fleet.account("north"));
});
afterAll(() => fleet[Symbol.asyncDispose]());

/** Asks, and checks that what comes back is a problem of the contract. */
async function problem(request: string, options: RestOptions = {}) {
  const answer = await fleet.rest(request, options);
  expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  const fields = Object.keys(answer.body).filter((field) => field !== "errors");
  expect(fields).toEqual(["type", "title", "status", "detail", "code", "traceId"]);
  expect(answer.body).toMatchObject({ status: answer.status, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  return { status: answer.status, code: answer.body["code"], errors: answer.body["errors"], headers: answer.headers };
}

const good = accountDetails("fresh");
const missing = (field: keyof typeof good) => ({ ...good, [field]: undefined });

describe("a body", () => {
  test.each<[string, unknown, string]>([
    ["without an e-mail", missing("email"), "email"],
    ["without a password", missing("password"), "password"],
    ["without a country", missing("country"), "country"],
    ["with an e-mail that is none", { ...good, email: "nobody" }, "email"],
    ["with an e-mail of wrong type", { ...good, email: ["a@example.com"] }, "email"],
    ["with an e-mail that is too long", { ...good, email: `${"a".repeat(250)}@example.com` }, "email"],
    ["with a short password", { ...good, password: "1234567" }, "password"],
    ["with a password beyond measure", { ...good, password: "p".repeat(257) }, "password"],
    ["with a blank name", { ...good, displayName: "   " }, "displayName"],
    ["with a name that is too long", { ...good, accountName: "n".repeat(101) }, "accountName"],
    ["with a country in small letters", { ...good, country: "de" }, "country"],
    ["with a country of three letters", { ...good, country: "DEU" }, "country"],
    ["with a time zone that is none", { ...good, timezone: "Mars/Olympus" }, "timezone"],
    ["with a time zone that is an offset", { ...good, timezone: "+02:00" }, "timezone"],
    ["with null for a value", { ...good, displayName: null }, "displayName"],
  ])("%s is refused, and the field is named", async (_, body, field) => {
    const answer = await problem("POST /api/auth/register", { body });
    expect([answer.status, answer.code]).toEqual([400, "invalid-request"]);
    expect(Object.keys(answer.errors as object)).toEqual([field]);
  });

  test("with a field that is not known is refused, and the field is named", async () => {
    const answer = await problem("POST /api/auth/register", { body: { ...good, role: "owner" } });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.errors)).toContain("role");
  });

  test.each<[string, unknown, string]>([
    ["a code of wrong type", { code: 123456, name: "Van" }, "code"],
    ["a code beyond measure", { code: "A".repeat(33), name: "Van" }, "code"],
    ["no name", { code: "ABCDEF" }, "name"],
    ["an empty identifier", { code: "ABCDEF", name: "Van", identifier: " " }, "identifier"],
  ])("of by-code with %s is refused and counts as no guess", async (_, body, field) => {
    for (let round = 0; round < 6; round += 1) {
      const answer = await problem("POST /api/devices/by-code", { token, body });
      expect([answer.status, Object.keys(answer.errors as object)]).toEqual([400, [field]]);
    }
  });

  test.each(["[]", "null", '"text"', "1", "true"])("that is no object is refused: %s", async (body) => {
    expect(await problem("POST /api/auth/login", { body })).toMatchObject({ status: 400, code: "invalid-request" });
  });

  test.each(["", "{", '{"email":}', '{"email":"a@example.com",}', "{'a':1}", "\u0000", '{"a":1}{"b":2}', "undefined"])(
    "that is no JSON is refused: %j",
    async (body) => {
      expect(await problem("POST /api/auth/login", { body })).toMatchObject({ status: 400, code: "invalid-request" });
    },
  );

  test("cannot reach the prototype of anything", async () => {
    const body = '{"email":"a@example.com","password":"x","__proto__":{"role":"owner"}}';
    expect(await problem("POST /api/auth/login", { body })).toMatchObject({ status: 400 });
    const nested = `{"deviceGuid":"${newGuid()}","constructor":{"prototype":{"x":1}}}`;
    expect(await problem("POST /api/device/init", { body: nested })).toMatchObject({ status: 400 });
  });

  test("that is too large is refused with 413", async () => {
    const body = { email: "a@example.com", password: "p".repeat(70_000) };
    expect(await problem("POST /api/auth/login", { body })).toMatchObject({ status: 413, code: "body-too-large" });
  });

  test("that nests without end is refused", async () => {
    const body = `{"deviceGuid":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    expect((await problem("POST /api/device/init", { body })).status).toBe(400);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"])(
    "of the type %s is refused with 415",
    async (type) => {
      const answer = await problem("POST /api/auth/login", { body: "{}", headers: { "content-type": type } });
      expect(answer).toMatchObject({ status: 415, code: "unsupported-media-type" });
    },
  );

  test("may name its charset", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    const body = { email: "a@example.com", password: "not the one" };
    expect(await problem("POST /api/auth/login", { body, headers })).toMatchObject({ code: "invalid-credentials" });
  });
});

describe("an address", () => {
  test.each(["GET /api/nothing", "GET /api", "POST /api/devices/1/nothing", "GET /api/devices/", "GET /hubs/nothing"])(
    "that there is not is answered with 404: %s",
    async (request) => {
      expect(await problem(request, { token })).toMatchObject({ status: 404, code: "not-found" });
    },
  );

  test.each([
    ["PUT /api/auth/login", "POST"],
    ["DELETE /api/devices", "GET, HEAD"],
    ["POST /api/devices/1", "DELETE, GET, HEAD, PATCH"],
  ])("asked with another method is answered with 405: %s", async (request, allow) => {
    const answer = await problem(request, { token });
    expect([answer.status, answer.code, answer.headers.get("allow")]).toEqual([405, "method-not-allowed", allow]);
  });

  test("that is too long is answered with 414", async () => {
    expect(await problem(`GET /api/devices?cursor=${"x".repeat(5_000)}`, { token })).toMatchObject({ status: 414 });
  });
});

describe("a request", () => {
  test("with headers beyond measure is answered with 431", async () => {
    const headers = { "x-large": "x".repeat(9_000) };
    expect(await problem("GET /health/live", { headers })).toMatchObject({ status: 431, code: "headers-too-large" });
  });

  test("that is no HTTP is answered with 400 and closed", async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(fleet.port, "127.0.0.1", () => socket.write("HELLO THERE\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"invalid-request"');
  });

  test("from a page of another origin changes nothing, on REST and hubs alike", async () => {
    const headers = { origin: "https://evil.example" };
    expect(await problem("POST /api/auth/login", { body: {}, headers })).toMatchObject({ code: "foreign-origin" });
    expect((await fleet.rest("POST /hubs/fleet/negotiate", { token, headers })).status).toBe(403);
  });

  test("to health and readiness is answered by a server that serves", async () => {
    expect((await fleet.rest("GET /health/live")).body).toEqual({ status: "live" });
    expect((await fleet.rest("GET /health/ready")).body).toEqual({ status: "ready" });
  });
});
