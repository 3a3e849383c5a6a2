import {
  type ErrorCode,
  errors,
  fleetHub,
  type Hub,
  type Operation,
  type OperationId,
  operations,
  pairingHub,
} from "@dsp-fleet/contract";
import { afterAll, describe, expect, test } from "vitest";
import { stubHttp } from "../http/testing.ts";

const http = await stubHttp();
afterAll(() => http.close());

const read = async (url: string): Promise<string> => {
  const answer = await http.app.inject({ url });
  expect(answer.statusCode, url).toBe(200);
  return answer.body;
};

type Json = { [key: string]: Json } & { [index: number]: Json };
const openapi = JSON.parse(await read("/openapi/v1.json")) as Json;
const all = Object.entries(operations) as [OperationId, Operation][];

describe("the OpenAPI document", () => {
  test("is version 3.1 and names itself", () => {
    expect(openapi).toMatchObject({ openapi: "3.1.0", info: { title: "DSP Fleet API", version: "1" } });
  });

  test("has every operation of the contract and no other", () => {
    const listed = Object.entries(openapi["paths"] ?? {}).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => `${method.toUpperCase()} ${path} ${JSON.stringify(operation["operationId"])}`,
      ),
    );
    expect(listed.toSorted()).toEqual(all.map(([id, { method, path }]) => `${method} ${path} "${id}"`).toSorted());
  });

  test.each(all)("%s has its tag, security, answer, and a Problem for each error", (id, operation) => {
    const described = openapi["paths"]?.[operation.path]?.[operation.method.toLowerCase()];
    expect(described).toMatchObject({ operationId: id, tags: [operation.tag], summary: operation.summary });
    const open = operation.access === "anyone";
    expect(described?.["security"]).toHaveLength(open ? 0 : operation.access === "account" ? 2 : 1);
    const responses = described?.["responses"] ?? {};
    const expected = [
      operation.answer.status,
      ...operation.errors.map((code) => errors[code].status),
      ...(open ? [] : [401]),
    ];
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(expected.map(String)));
    for (const [status, response] of Object.entries(responses).filter(([status]) => Number(status) >= 400)) {
      expect(response["content"], status).toMatchObject({
        "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
      });
    }
    const shown = Object.values(responses).flatMap((response) =>
      Object.keys(response["content"]?.["application/problem+json"]?.["examples"] ?? {}),
    );
    expect(shown).toEqual(expect.arrayContaining([...operation.errors]));
  });

  test("every security scheme that an operation asks for is described", () => {
    const asked = all.flatMap(([, { method, path }]) => {
      const security = openapi["paths"]?.[path]?.[method.toLowerCase()]?.["security"] ?? {};
      return Object.values(security).flatMap(Object.keys);
    });
    expect(Object.keys(openapi["components"]?.["securitySchemes"] ?? {})).toEqual(
      expect.arrayContaining([...new Set(asked)]),
    );
  });

  test("every reference leads to a component, and every component is referred to", () => {
    const references = new Set(
      [...JSON.stringify(openapi).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]),
    );
    expect(references).toEqual(new Set(Object.keys(openapi["components"]?.["schemas"] ?? {})));
    expect([...references]).toEqual(
      expect.arrayContaining(["Account", "AuthResponse", "Device", "DeviceSettings", "Problem", "User"]),
    );
  });

  test("If-Match is a parameter where the operation takes it", () => {
    const parameters = openapi["paths"]?.["/api/devices/{id}"]?.["patch"]?.["parameters"];
    expect(parameters).toContainEqual(expect.objectContaining({ in: "header", name: "If-Match", required: false }));
  });

  test("Idempotency-Key is a parameter where the operation takes it, and its 422 is described", () => {
    const send = openapi["paths"]?.["/api/messages"]?.["post"];
    expect(send?.["parameters"]).toEqual([expect.objectContaining({ in: "header", name: "Idempotency-Key" })]);
    expect(JSON.stringify(send?.["responses"]?.["422"])).toContain("idempotency-key-reused");
    expect(openapi["paths"]?.["/api/messages"]?.["get"]?.["parameters"]).not.toContainEqual(
      expect.objectContaining({ name: "Idempotency-Key" }),
    );
  });

  test("a body shows its own example", () => {
    const body = openapi["paths"]?.["/api/auth/login"]?.["post"]?.["requestBody"];
    expect(JSON.stringify(body)).toContain("ana@north.example");
  });

  test("what is answered may grow: no answer forbids unknown fields", () => {
    expect(openapi["components"]?.["schemas"]?.["Device"]).not.toHaveProperty("additionalProperties");
    expect(JSON.stringify(openapi["paths"]?.["/api/auth/login"]?.["post"]?.["requestBody"])).toContain(
      '"additionalProperties":false',
    );
  });
});

describe("the hub page", async () => {
  const page = await read("/docs/signalr.html");
  const idsOf = (hub: Hub): string[] =>
    [...page.matchAll(new RegExp(`id="${hub.name}-(\\w+)"`, "g"))].map((match) => match[1] ?? "");

  test.each([fleetHub, pairingHub] as Hub[])(
    "lists every method and event of $name, in the contract's order",
    (hub) => {
      expect(idsOf(hub)).toEqual([...Object.keys(hub.methods), ...Object.keys(hub.events)]);
    },
  );

  test("has the chapters of the reference, in its order", () => {
    const headings = [...page.matchAll(/<h[23][^>]*>(.*?)<\/h[23]>/gs)].map((match) =>
      (match[1] ?? "").replaceAll(/<[^>]+>/g, ""),
    );
    const reference = [
      "Connecting &amp; authentication",
      "Groups",
      "FleetHub — /hubs/fleet",
      "Client → server (invoke)",
      "Server → client (callbacks on your connection)",
      "PairingHub — /hubs/pairing",
      "Client → server",
      "Server → client",
      "Related REST endpoints",
    ];
    expect(headings.filter((heading) => reference.includes(heading))).toEqual(reference);
    expect(page).toContain("<h1>SignalR hub contract — DSP Fleet</h1>");
  });

  test("gives the arguments of an event in the order of the wire", () => {
    const row = page.slice(page.indexOf('id="FleetHub-DeviceUpdated"')).split("</tr>", 1)[0] ?? "";
    const names = [...row.matchAll(/<code class="name">(\w+)<\/code>/g)].map((match) => match[1]);
    expect(names).toEqual(Object.keys(fleetHub.events.DeviceUpdated.args));
  });

  test("says types in words", () => {
    expect(page).toContain("number (−90 to 90)");
    expect(page).toContain(
      "list of LocationSample (1–500)".replace("LocationSample", '<a href="#shape-LocationSample">LocationSample</a>'),
    );
    expect(page).toContain('id="shape-LocationSample"');
  });

  test("every link within the page leads somewhere", () => {
    const ids = new Set([...page.matchAll(/ id="([\w-]+)"/g)].map((match) => match[1]));
    const targets = [...page.matchAll(/href="#([\w-]+)"/g)].map((match) => match[1]);
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  });

  test("leads back to the API reference, which leads to it", async () => {
    expect(page).toContain('<a href="/scalar">← Back to Scalar (REST API)</a>');
    expect(await read("/scalar")).toContain('<a href="/docs/signalr.html">SignalR hub contract</a>');
  });

  test("shows a phone in each language that has a client, and names only what the hub has", () => {
    const chapters = [...page.matchAll(/<summary>(.*?)<\/summary>\s*<pre[^>]*><code>(.*?)<\/code>/gs)];
    expect(chapters.map((chapter) => chapter[1]?.split(" ", 1)[0])).toEqual([
      "JavaScript",
      "C#",
      "Java",
      "Swift",
      "Python",
    ]);
    for (const [, language, code = ""] of chapters) {
      for (const name of ["ReportLocation", "ReceiveMessage", "MessageReceived"])
        expect(code, `${language}: ${name}`).toContain(name);
    }
    const known = new Set([...Object.keys(fleetHub.methods), ...Object.keys(fleetHub.events)]);
    const named = chapters.flatMap(([, , code = ""]) =>
      [...code.matchAll(/&#34;((?:Report|Receive|Message|Device|Zone)[A-Z]?\w+)&#34;/g)].map((match) => match[1] ?? ""),
    );
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test("needs no script", () => {
    expect(page).not.toContain("<script");
  });
});

describe("the AsyncAPI document", async () => {
  const document = JSON.parse(await read("/docs/asyncapi.json")) as Json;

  test("has every method as received and every event as sent", () => {
    const listed = Object.entries(document["operations"] ?? {}).map(
      ([key, { action }]) => `${JSON.stringify(action)} ${key}`,
    );
    const expected = [fleetHub, pairingHub].flatMap((hub: Hub) => [
      ...Object.keys(hub.methods).map((name) => `"receive" ${hub.name}.${name}`),
      ...Object.keys(hub.events).map((name) => `"send" ${hub.name}.${name}`),
    ]);
    expect(listed).toEqual(expected);
  });

  test("every reference in it leads somewhere", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(20);
    const missing = references.filter(
      (path) => path.split("/").reduce<Json | undefined>((here, key) => here?.[key], document) === undefined,
    );
    expect(missing).toEqual([]);
  });

  test("arguments that may be left out are not asked for", () => {
    const payload = document["components"]?.["messages"]?.["FleetHub.ReportLocation"]?.["payload"];
    expect(payload?.["properties"]?.["arguments"]).toMatchObject({ minItems: 2, maxItems: 5 });
  });
});

describe("the error page", () => {
  test("has an anchor for each code, where the type of a problem leads", async () => {
    const page = await read("/docs/errors");
    expect([...page.matchAll(/<section id="([\w-]+)"/g)].map((match) => match[1])).toEqual(
      Object.keys(errors) as ErrorCode[],
    );
  });
});

describe("without the internet", () => {
  test.each(["/scalar", "/docs/signalr.html", "/docs/errors", "/docs/style.css", "/scalar/page.css", "/"])(
    "%s loads nothing from any other host",
    async (url) => {
      const text = await read(url);
      expect(text.match(/(?:src|href)=["']?(?:https?:)?\/\/|@import|\burl\(/g)).toBeNull();
    },
  );

  test("Scalar's own JavaScript is carried along and started without fonts, telemetry, agent or MCP", async () => {
    expect((await read("/scalar/scalar.js")).length).toBeGreaterThan(1_000_000);
    const start = await read("/scalar/start.js");
    for (const off of [
      '"withDefaultFonts": false',
      '"telemetry": false',
      '"agent": {\n    "disabled": true',
      '"mcp": {\n    "disabled": true',
    ]) {
      expect(start).toContain(off);
    }
  });

  test("no page needs more than the strict policy gives", async () => {
    const { headers } = await http.app.inject({ url: "/scalar" });
    expect(String(headers["content-security-policy"])).not.toMatch(/script-src[^;]*unsafe/);
  });

  test("a document that has not changed is a 304", async () => {
    const { headers } = await http.app.inject({ url: "/docs/signalr.html" });
    const again = await http.app.inject({
      url: "/docs/signalr.html",
      headers: { "if-none-match": String(headers["etag"]) },
    });
    expect(again.statusCode).toBe(304);
  });
});
