import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";

type OpenApi = { paths: Record<string, Record<string, { security: object[] }>> };
type AsyncApi = { operations: Record<string, { action: "send" | "receive" }> };

/** What a stock client hears of a method that there is not. */
const unknown = "Method does not exist";

let fleet: Fleet;
beforeAll(async () => {
  fleet = await startFleet();
});
afterAll(() => fleet[Symbol.asyncDispose]());

const document = async <T>(path: string): Promise<T> => (await fleet.rest<T>(`GET ${path}`)).body;

describe("the published pages and the running server", () => {
  test("every operation of the OpenAPI document is answered, and asks for a token where the document says so", async () => {
    const { paths } = await document<OpenApi>("/openapi/v1.json");
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({ path, method: method.toUpperCase(), security })),
    );
    expect(operations.length).toBeGreaterThan(15);
    for (const { path, method, security } of operations) {
      const address = path.replaceAll(/\{\w+\}/g, "1");
      const { status } = await fleet.rest(`${method} ${address}`, method === "GET" ? {} : { body: {} });
      const isOpen = security.length === 0 || path === "/metrics";
      if (isOpen) expect([404, 405, 401], `${method} ${path}`).not.toContain(status);
      else expect(status, `${method} ${path}`).toBe(401);
    }
  });

  test("every method of the AsyncAPI document and the hub page is one of the hub's, and no other is", async () => {
    const { operations } = await document<AsyncApi>("/docs/asyncapi.json");
    const { text: page } = await fleet.rest("GET /docs/signalr.html");
    const clients = {
      FleetHub: await fleet.device({ account: "pages" }),
      PairingHub: await fleet.hub("/hubs/pairing"),
    };
    const methods = Object.entries(operations).filter(([, { action }]) => action === "receive");
    expect(methods.length).toBeGreaterThan(5);
    for (const [key] of methods) {
      const [hub, method = ""] = key.split(".") as [keyof typeof clients, string?];
      expect(page).toContain(`id="${hub}-${method}"`);
      // Too many arguments: whatever the method does, it is not done.
      const tooMany = Array.from({ length: 20 }, () => null);
      expect(await clients[hub].refusal(method, ...tooMany), key).not.toContain(unknown);
    }
    expect(await clients.FleetHub.refusal("NoSuchMethod")).toContain(unknown);
  });

  test("every event that the hub page lists is one that a client of ours listens to, under exactly this name", async () => {
    const { operations } = await document<AsyncApi>("/docs/asyncapi.json");
    const { text: page } = await fleet.rest("GET /docs/signalr.html");
    const events = Object.entries(operations).filter(([, { action }]) => action === "send");
    const listed = [...page.matchAll(/ id="(\w+Hub)-(\w+)"/g)].map((match) => `${match[1]}.${match[2]}`);
    expect(listed).toEqual(expect.arrayContaining(events.map(([key]) => key)));
  });
});
