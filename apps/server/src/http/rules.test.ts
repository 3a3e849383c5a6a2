import { type Access, type OperationId, operations } from "@dsp-fleet/contract";
import type { InjectOptions } from "fastify";
import { pino } from "pino";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import type { ApplicationHandlers, RestHandlers } from "./context.ts";
import { staticRoutes } from "./static-routes.ts";
import { aDevice, addressOf, stubHandlers, stubHttp } from "./testing.ts";

const http = await stubHttp();
afterAll(() => http.close());

type Call = { as?: string; body?: unknown; headers?: Record<string, string> };

async function call(
  method: NonNullable<InjectOptions["method"]>,
  url: string,
  { as, body, headers }: Call = {},
  from = http,
) {
  const response = await from.app.inject({
    method,
    url,
    headers: { ...(as === undefined ? {} : { authorization: `Bearer ${as}` }), ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  return { status: response.statusCode, headers: response.headers, text: response.body, body: () => response.json() };
}

const login = { email: "ana@north.example", password: "correct horse" };

describe("the contract", () => {
  test("an operation without a handler does not compile", () => {
    expectTypeOf<Omit<RestHandlers, "getDevice">>().not.toExtend<RestHandlers>();
    expectTypeOf<Omit<ApplicationHandlers, "getDevice">>().not.toExtend<ApplicationHandlers>();
    expectTypeOf(stubHandlers).toExtend<ApplicationHandlers>();
  });

  test("a handler that answers something else does not compile", () => {
    expectTypeOf<() => { id: string }>().not.toExtend<RestHandlers["getDevice"]>();
  });

  test("the principal has the type that the access promises", () => {
    type PrincipalOf<K extends keyof RestHandlers> = Parameters<RestHandlers[K]>[0]["principal"];
    expectTypeOf<PrincipalOf<"login">>().toEqualTypeOf<null>();
    expectTypeOf<PrincipalOf<"getDevice">["kind"]>().toEqualTypeOf<"user">();
    expectTypeOf<PrincipalOf<"deviceMe">["kind"]>().toEqualTypeOf<"device">();
  });

  test("every operation has its route", () => {
    for (const { method, path } of Object.values(operations)) {
      expect(http.app.hasRoute({ method, url: path.replaceAll(/\{(\w+)\}/g, ":$1") }), `${method} ${path}`).toBe(true);
    }
  });

  test("every route is an operation of the contract or one of the listed static ones", async () => {
    const known = new Set<string>([
      ...Object.values(operations).map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
      ...staticRoutes.map((url) => `GET ${url}`),
    ]);
    expect(http.routes.length).toBeGreaterThan(Object.keys(operations).length);
    expect(http.routes.filter((route) => !known.has(route))).toEqual([]);
  });

  test("an answer with a field that the contract does not know is found by the tests' own check", async () => {
    const leaky = { ...aDevice(7), guidHash: "secret" };
    await using broken = await stubHttp({ handlers: { ...stubHandlers, getDevice: () => leaky } });
    expect(await call("GET", "/api/devices/7", { as: "viewer" }, broken)).toMatchObject({ status: 500 });
  });
});

describe("who may", () => {
  const all = (Object.keys(operations) as OperationId[]).filter(
    (id) => !["anyone", "operator"].includes(operations[id].access),
  );

  test.each(all)("%s asks for a token", async (id) => {
    const answer = await call(operations[id].method, addressOf(id));
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
    expect(answer.body()).toMatchObject({ code: "unauthorized" });
  });

  test.each(all)("%s lets in whom the contract names, and no other", async (id) => {
    const table: Record<Access, readonly string[]> = {
      user: ["owner", "dispatcher", "viewer"],
      viewer: ["owner", "dispatcher", "viewer"],
      dispatcher: ["owner", "dispatcher"],
      owner: ["owner"],
      device: ["device"],
      account: ["owner", "dispatcher", "viewer", "device"],
      anyone: [],
      operator: [],
    };
    const allowed = table[operations[id].access];
    for (const as of ["owner", "dispatcher", "viewer", "device"]) {
      const { status } = await call(operations[id].method, addressOf(id), { as });
      expect(status === 403, `${as}: ${status}`).toBe(!allowed.includes(as));
      expect(status, as).toBeLessThan(500);
    }
  });

  test("a token that nobody knows any more is a 401 in words", async () => {
    const answer = await call("GET", "/api/devices", { as: "expired" });
    expect(answer.status).toBe(401);
    expect(answer.body().detail).toMatch(/not valid any more/);
  });

  test("another scheme than Bearer is no token", async () => {
    expect(await call("GET", "/api/devices", { headers: { authorization: "Basic dmlld2Vy" } })).toMatchObject({
      status: 401,
    });
  });

  test("a token may come as access_token of the query", async () => {
    expect(await call("GET", "/api/devices?access_token=viewer")).toMatchObject({ status: 200 });
  });

  test("nobody's body is read before the token is judged", async () => {
    const answer = await call("POST", "/api/devices/by-code", {
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(401);
  });
});

describe("ids in the path", () => {
  test.each(["abc", "0", "4294967296", "1.5", "-7", "1e0", "0x7", "%207", "07", "9".repeat(99)])(
    "%s is answered as an id that nobody has",
    async (id) => {
      const unknown = await call("GET", "/api/devices/99", { as: "viewer" });
      const answer = await call("GET", `/api/devices/${id}`, { as: "viewer" });
      expect(answer.status).toBe(404);
      expect({ ...answer.body(), traceId: "" }).toEqual({ ...unknown.body(), traceId: "" });
    },
  );
});

describe("bodies", () => {
  test("malformed JSON is a 400 in words", async () => {
    const answer = await call("POST", "/api/auth/refresh", {
      body: '{"refreshToken":',
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(400);
    expect(answer.body()).toMatchObject({ code: "invalid-request", detail: "The body is not well-formed JSON." });
  });

  test("each field that is wrong, missing or unknown is named", async () => {
    const answer = await call("POST", "/api/auth/login", { body: { email: 1, remember: true } });
    expect(answer.status).toBe(400);
    expect(answer.body()).toMatchObject({
      code: "invalid-request",
      errors: { email: ["must be text"], password: ["is missing"], remember: ["is not a known field"] },
    });
  });

  test("a field that reaches for a prototype is refused", async () => {
    const body = '{"email":"a","password":"b","__proto__":{"role":"owner"}}';
    expect(
      await call("POST", "/api/auth/login", { body, headers: { "content-type": "application/json" } }),
    ).toMatchObject({ status: 400 });
  });

  test("no body where one is needed is a 400", async () => {
    const answer = await call("POST", "/api/auth/login");
    expect(answer.status).toBe(400);
    expect(answer.body().errors).toEqual({ body: ["is missing"] });
  });

  test("a list as body is a 400", async () => {
    expect(await call("POST", "/api/auth/login", { body: [] })).toMatchObject({ status: 400 });
  });

  test("a body over 64 KiB is a 413 that says so", async () => {
    const answer = await call("POST", "/api/auth/login", { body: { ...login, password: "x".repeat(65_536) } });
    expect(answer.status).toBe(413);
    expect(answer.body()).toMatchObject({ code: "body-too-large", detail: "A body may have at most 64 KiB here." });
    expect(answer.body()).toMatchObject({ code: "body-too-large" });
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/xml"])("%s is a 415", async (type) => {
    const answer = await call("POST", "/api/auth/login", { body: "a=b", headers: { "content-type": type } });
    expect(answer.status).toBe(415);
    expect(answer.body()).toMatchObject({ code: "unsupported-media-type" });
  });

  test("an encoded body is a 415", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    expect(await call("POST", "/api/auth/login", { body: "x", headers })).toMatchObject({ status: 415 });
  });

  test("a query that is out of range is a 400 that names it", async () => {
    const answer = await call("GET", "/api/devices?limit=0", { as: "viewer" });
    expect(answer.status).toBe(400);
    expect(answer.body().errors).toEqual({ limit: ["must be at least 1"] });
  });
});

describe("addresses and methods", () => {
  test("an unknown address is a 404 problem", async () => {
    const answer = await call("GET", "/api/vans");
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
  });

  test("a known address by another method is a 405 that names those it takes", async () => {
    const answer = await call("PUT", "/api/devices/7", { as: "owner", body: {} });
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe("DELETE, GET, HEAD, PATCH");
    expect(answer.body()).toMatchObject({ code: "method-not-allowed" });
  });

  test("a misspelt escape is a 400 problem", async () => {
    const answer = await call("GET", "/api/%zz");
    expect(answer.status).toBe(400);
    expect(answer.body()).toMatchObject({ code: "invalid-request" });
  });

  test("an address beyond 4,096 characters is a 414", async () => {
    expect(await call("GET", `/api/devices?cursor=${"x".repeat(4_100)}`)).toMatchObject({ status: 414 });
  });
});

describe("errors", () => {
  test("each has its trace id in the body and as header, and a link that explains its code", async () => {
    const answer = await call("GET", "/api/devices");
    expect(answer.body().traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers["x-trace-id"]).toBe(answer.body().traceId);
    expect(answer.body()).toMatchObject({ type: "/docs/errors#unauthorized", title: "Sign in first", status: 401 });
  });

  test("too many attempts say how long to wait, in whole seconds", async () => {
    const answer = await call("POST", "/api/auth/login", { body: login });
    expect(answer.status).toBe(429);
    expect(answer.headers["retry-after"]).toBe("30");
  });

  test("a fault of the server tells its cause to the log alone", async () => {
    const lines: string[] = [];
    const getDevice = (): never => {
      throw new Error("SQLITE_CORRUPT at /data/fleet.db");
    };
    const logger = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
    await using broken = await stubHttp({ handlers: { ...stubHandlers, getDevice }, logger });
    const answer = await call("GET", "/api/devices/7?access_token=viewer", {}, broken);
    expect(answer.status).toBe(500);
    expect(answer.body()).toMatchObject({ code: "internal" });
    expect(answer.text).not.toContain("SQLITE");
    expect(lines.join("")).toContain("SQLITE_CORRUPT");
    expect(lines.join("")).toContain(answer.body().traceId);
    expect(lines.join("")).not.toContain("access_token");
  });
});

describe("versions", () => {
  test("one device carries its version as ETag; a list has none", async () => {
    expect((await call("GET", "/api/devices/7", { as: "viewer" })).headers["etag"]).toBe('"3"');
    expect((await call("GET", "/api/devices", { as: "viewer" })).headers["etag"]).toBeUndefined();
  });

  test.each(['"3"', "3", 'W/"3"', "*"])("If-Match: %s fits version 3", async (tag) => {
    const answer = await call("PATCH", "/api/devices/7", {
      as: "dispatcher",
      body: { name: "Van 8" },
      headers: { "if-match": tag },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers["etag"]).toBe('"4"');
  });

  test("another version is a 412", async () => {
    const answer = await call("PATCH", "/api/devices/7", {
      as: "owner",
      body: { name: "Van 8" },
      headers: { "if-match": '"2"' },
    });
    expect(answer.status).toBe(412);
  });

  test.each(["three", '"3', '"1", "2"', "-1", ""])("If-Match: %s is a 400", async (tag) => {
    const answer = await call("PATCH", "/api/devices/7", {
      as: "owner",
      body: { name: "Van 8" },
      headers: { "if-match": tag },
    });
    expect(answer.status).toBe(400);
    expect(answer.body().errors).toHaveProperty("If-Match");
  });
});

describe("answers", () => {
  test("no answer of the API is kept by a cache", async () => {
    expect((await call("GET", "/api/devices", { as: "viewer" })).headers["cache-control"]).toBe("no-store");
    expect((await call("GET", "/api/devices")).headers["cache-control"]).toBe("no-store");
  });

  test("a deletion answers 204 without a body", async () => {
    expect(await call("DELETE", "/api/devices/7", { as: "owner" })).toMatchObject({ status: 204, text: "" });
  });

  test("an answer of 1 KB and more is compressed, a short one is not", async () => {
    const devices = Array.from({ length: 20 }, (_, index) => aDevice(index + 1));
    await using fleet = await stubHttp({ handlers: { ...stubHandlers, fleetLive: () => ({ rev: 1, devices }) } });
    const headers = { "accept-encoding": "gzip, deflate, br" };
    expect((await call("GET", "/api/fleet/live", { as: "viewer", headers }, fleet)).headers["content-encoding"]).toBe(
      "br",
    );
    expect(
      (await call("GET", "/api/account", { as: "viewer", headers }, fleet)).headers["content-encoding"],
    ).toBeUndefined();
  });
});

describe("draining", () => {
  test("new calls hear when to come back; liveness goes on; readiness is gone", async () => {
    await using drained = await stubHttp({ isDraining: () => true });
    const answer = await call("GET", "/api/devices", { as: "viewer" }, drained);
    expect(answer.status).toBe(503);
    expect(answer.headers["retry-after"]).toBe("2");
    expect(answer.headers["connection"]).toBe("close");
    expect(await call("GET", "/health/live", {}, drained)).toMatchObject({ status: 200 });
    expect(await call("GET", "/health/ready", {}, drained)).toMatchObject({ status: 503 });
  });

  test("a server that is not ready says so", async () => {
    await using starting = await stubHttp({ isReady: () => false });
    expect(await call("GET", "/health/ready", {}, starting)).toMatchObject({ status: 503 });
    expect(await call("GET", "/health/ready")).toMatchObject({ status: 200 });
  });
});

describe("metrics", () => {
  test("are open without METRICS_TOKEN, and count by operation", async () => {
    await call("GET", "/api/devices/7", { as: "viewer" });
    const answer = await call("GET", "/metrics");
    expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
    expect(answer.text).toMatch(/http_request_duration_seconds_count\{operation="getDevice",status="200"\} \d+/);
    expect(answer.text).toContain("process_cpu_seconds_total");
  });

  test("with METRICS_TOKEN, need it", async () => {
    await using guarded = await stubHttp({ metricsToken: "s3cret" });
    expect(await call("GET", "/metrics", {}, guarded)).toMatchObject({ status: 401 });
    expect(await call("GET", "/metrics", { as: "owner" }, guarded)).toMatchObject({ status: 401 });
    expect(await call("GET", "/metrics", { as: "s3cret" }, guarded)).toMatchObject({ status: 200 });
  });
});

describe("web origins", () => {
  const foreign = { origin: "https://evil.example" };
  const allowed = { origin: "https://ops.example" };

  test("a page of a foreign origin changes nothing", async () => {
    const answer = await call("POST", "/api/auth/refresh", { body: { refreshToken: "r" }, headers: foreign });
    expect(answer.status).toBe(403);
    expect(answer.body()).toMatchObject({ code: "foreign-origin" });
  });

  test("nor does a page without an origin of its own", async () => {
    expect(await call("DELETE", "/api/devices/7", { as: "owner", headers: { origin: "null" } })).toMatchObject({
      status: 403,
    });
  });

  test("a page of a foreign origin cannot read either", async () => {
    const answer = await call("GET", "/api/devices", { as: "viewer", headers: foreign });
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("a page of an allowed origin may do both", async () => {
    const answer = await call("POST", "/api/auth/refresh", { body: { refreshToken: "r" }, headers: allowed });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe("https://ops.example");
    expect(answer.headers["vary"]).toContain("Origin");
  });

  test("a preflight is answered for allowed origins alone", async () => {
    const ask = { "access-control-request-method": "PATCH" };
    const answer = await call("OPTIONS", "/api/devices/7", { headers: { ...allowed, ...ask } });
    expect(answer.status).toBe(204);
    expect(answer.headers["access-control-allow-methods"]).toContain("PATCH");
    expect(answer.headers["access-control-allow-headers"]).toContain("If-Match");
    expect(await call("OPTIONS", "/api/devices/7", { headers: { ...foreign, ...ask } })).toMatchObject({ status: 403 });
  });

  test("the own origin needs no list", async () => {
    const headers = { host: "fleet.example:8080", origin: "http://fleet.example:8080" };
    expect(await call("POST", "/api/auth/refresh", { body: { refreshToken: "r" }, headers })).toMatchObject({
      status: 200,
    });
  });

  test("an allowed origin is compared whole", async () => {
    const headers = { origin: "https://ops.example.evil.example" };
    expect(await call("POST", "/api/auth/refresh", { body: { refreshToken: "r" }, headers })).toMatchObject({
      status: 403,
    });
  });
});

describe("where the server is reached", () => {
  const init = { body: { deviceGuid: "0".repeat(32) } };

  test("is what the request says", async () => {
    const answer = await call("POST", "/api/device/init", {
      ...init,
      headers: { host: "10.0.0.5:8080", "x-forwarded-proto": "https" },
    });
    expect(answer.body().pairingHub).toBe("ws://10.0.0.5:8080/hubs/pairing");
  });

  test("is what a trusted proxy says", async () => {
    await using proxied = await stubHttp({ trustProxy: true });
    const headers = { host: "10.0.0.5", "x-forwarded-proto": "https", "x-forwarded-host": "fleet.example" };
    const answer = await call("POST", "/api/device/init", { ...init, headers }, proxied);
    expect(answer.body().pairingHub).toBe("wss://fleet.example/hubs/pairing");
  });

  test("is PUBLIC_URL before all", async () => {
    await using named = await stubHttp({ publicUrl: "https://fleet.example/" });
    expect((await call("POST", "/api/device/init", init, named)).body().pairingHub).toBe(
      "wss://fleet.example/hubs/pairing",
    );
  });

  test("is never text that a URL cannot carry", async () => {
    const answer = await call("POST", "/api/device/init", { ...init, headers: { host: 'a b"><script>' } });
    expect(answer.body().pairingHub).toBe("ws://localhost/hubs/pairing");
  });

  test("a caller cannot write its own address before the one that the trusted proxy saw", async () => {
    const seen: string[] = [];
    const handlers: ApplicationHandlers = {
      ...stubHandlers,
      refresh(context, input) {
        seen.push(context.remoteAddress);
        return stubHandlers.refresh(context, input);
      },
    };
    const body = { refreshToken: "r" };
    const headers = { "x-forwarded-for": "1.1.1.1, 203.0.113.9" };
    await using direct = await stubHttp({ handlers });
    await call("POST", "/api/auth/refresh", { body, headers }, direct);
    await using proxied = await stubHttp({ handlers, trustProxy: true });
    await call("POST", "/api/auth/refresh", { body, headers }, proxied);
    expect(seen).toEqual(["127.0.0.1", "203.0.113.9"]);
  });
});

describe("security headers", () => {
  test("no inline script, no frame, no sniffing", async () => {
    const { headers } = await call("GET", "/health/live");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  test("the host of MAP_STYLE_URL alone is let in for the map", async () => {
    await using online = await stubHttp({ mapStyleUrl: "https://tiles.openfreemap.org/styles/liberty" });
    const policy = String((await call("GET", "/health/live", {}, online)).headers["content-security-policy"]);
    expect(policy).toMatch(/connect-src 'self' ws:\/\/\S+ https:\/\/tiles\.openfreemap\.org;/);
    expect(policy).not.toMatch(/script-src[^;]*openfreemap/);
  });
});
