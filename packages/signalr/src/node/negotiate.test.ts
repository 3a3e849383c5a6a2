import { describe, expect, test } from "vitest";
import { startHub } from "./hub.fixture.ts";
import { upgradeStatus } from "./upgrade-status.fixture.ts";

type Negotiated = {
  readonly connectionId: string;
  readonly connectionToken?: string;
  readonly negotiateVersion: number;
  readonly availableTransports: readonly object[];
};
const read = async (response: Promise<Response>) => (await (await response).json()) as Negotiated;

describe("negotiate and connect", () => {
  test("row 1: version 1 gives an id and another secret token, and the id does not connect", async () => {
    await using hub = await startHub();
    const { connectionId, connectionToken = "" } = await read(hub.negotiate());
    expect([connectionId.length, connectionToken.length, connectionId === connectionToken]).toEqual([22, 22, false]);
    expect(await upgradeStatus(`${hub.url}?id=${connectionId}`)).toEqual({
      status: 404,
      body: "No Connection with that ID",
    });
    await hub.connect({ id: connectionToken });
    expect(hub.log.connected).toEqual([connectionId]);
  });

  test("row 2: version 0 gives only an id, and it connects", async () => {
    await using hub = await startHub();
    const negotiated = await read(hub.negotiate(""));
    expect(negotiated).toMatchObject({ negotiateVersion: 0 });
    expect(negotiated.connectionToken).toBeUndefined();
    await hub.connect({ id: negotiated.connectionId });
    expect(hub.log.connected).toEqual([negotiated.connectionId]);
  });

  test("row 3: a version that is no number is told so with status 200 and reserves nothing", async () => {
    await using hub = await startHub();
    const response = await hub.negotiate("?negotiateVersion=abc");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ error: "The client requested a non-integer protocol version." });
    expect(await read(hub.negotiate("?negotiateVersion=99"))).toMatchObject({ negotiateVersion: 1 });
    expect(hub.signalr.metrics().waitingNegotiations).toBe(1);
  });

  test("row 4: path and query in any case, with a trailing slash", async () => {
    await using hub = await startHub();
    const response = fetch(`${hub.server.url}/HUBS/Test/Negotiate?NEGOTIATEVERSION=1`, { method: "POST" });
    const { connectionToken } = await read(response);
    expect(await upgradeStatus(`${hub.server.url}/hubs/TEST/?Id=${connectionToken}`)).toMatchObject({ status: 101 });
  });

  test("row 5: other verbs are 405", async () => {
    await using hub = await startHub();
    expect((await hub.negotiate("", { method: "GET" })).status).toBe(405);
    expect((await fetch(hub.url, { method: "PUT" })).status).toBe(405);
  });

  test.each(["GET", "POST", "DELETE"])("row 6: %s without id is 400", async (method) => {
    await using hub = await startHub();
    const response = await fetch(hub.url, { method });
    expect([response.status, await response.text()]).toEqual([400, "Connection ID required"]);
  });

  test.each(["GET", "POST", "DELETE"])("row 7: %s with an unknown id is 404", async (method) => {
    await using hub = await startHub();
    const response = await fetch(`${hub.url}?id=unknown`, { method });
    expect([response.status, await response.text()]).toEqual([404, "No Connection with that ID"]);
  });

  test("row 8: a second connect is 409 and does not hurt the first", async () => {
    await using hub = await startHub();
    const { connectionToken = "" } = await read(hub.negotiate());
    const first = await hub.connect({ id: connectionToken });
    expect(await upgradeStatus(`${hub.url}?id=${connectionToken}`)).toMatchObject({ status: 409 });
    expect(await first.invoke("Echo", 1)).toMatchObject({ result: 1 });
  });

  test("row 11: a transport that the hub does not have is refused by name and not offered", async () => {
    await using hub = await startHub({ transports: ["WebSockets"] });
    const { connectionToken = "", availableTransports } = await read(hub.negotiate());
    expect(availableTransports).toEqual([{ transport: "WebSockets", transferFormats: ["Text", "Binary"] }]);
    const answer = async (headers: Record<string, string>) => {
      const response = await fetch(`${hub.url}?id=${connectionToken}`, { headers });
      return [response.status, await response.text()];
    };
    const text = (name: string) => `${name} transport not supported by this end point type`;
    expect(await answer({ accept: "text/event-stream" })).toEqual([404, text("ServerSentEvents")]);
    expect(await answer({})).toEqual([404, text("LongPolling")]);
    await hub.connect({ id: connectionToken });
    await using polled = await startHub({ transports: ["LongPolling"] });
    expect(await upgradeStatus(polled.url)).toEqual({ status: 404, body: text("WebSockets") });
  });

  test("rows 12 and 13: a WebSocket connection takes no POST and no DELETE", async () => {
    await using hub = await startHub();
    const { connectionToken = "" } = await read(hub.negotiate());
    const answer = async (method: string) => {
      const response = await fetch(`${hub.url}?id=${connectionToken}`, { method });
      return [response.status, await response.text()];
    };
    await hub.connect({ id: connectionToken });
    expect(await answer("POST")).toEqual([405, "POST requests are not allowed for WebSocket connections."]);
    expect(await answer("DELETE")).toEqual([400, "Cannot terminate this connection using the DELETE endpoint."]);
  });

  test("row 15: a negotiation is forgotten after 15 s", async () => {
    await using hub = await startHub();
    const { connectionToken } = await read(hub.negotiate());
    hub.clock.advance(16_000);
    expect(await upgradeStatus(`${hub.url}?id=${connectionToken}`)).toMatchObject({ status: 404 });
  });

  test("an id that has closed is unknown", async () => {
    await using hub = await startHub();
    const { connectionToken = "" } = await read(hub.negotiate());
    const client = await hub.connect({ id: connectionToken });
    client.close();
    await client.closed;
    await hub.disconnection();
    await expect.poll(async () => (await upgradeStatus(`${hub.url}?id=${connectionToken}`)).status).toBe(404);
  });

  test("row 63: a preflight needs no token and names the page's origin", async () => {
    await using hub = await startHub({}, { allowedOrigins: ["https://app.example"] });
    const headers = {
      origin: "https://app.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-signalr-user-agent",
    };
    const response = await hub.negotiate("?access_token=bad", { method: "OPTIONS", headers });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(response.headers.get("access-control-allow-credentials")).toBe("true");
    expect(response.headers.get("access-control-allow-headers")).toBe("x-signalr-user-agent");
  });

  test("row 64: a foreign origin is 403 on negotiate, preflight and upgrade", async () => {
    await using hub = await startHub({}, { allowedOrigins: ["https://app.example"] });
    const headers = { origin: "https://evil.example" };
    expect((await hub.negotiate("", { headers })).status).toBe(403);
    expect((await hub.negotiate("", { method: "OPTIONS", headers })).status).toBe(403);
    expect(await upgradeStatus(hub.url, headers)).toMatchObject({ status: 403 });
    expect(await upgradeStatus(hub.url, { origin: "https://app.example" })).toMatchObject({ status: 101 });
    expect(await upgradeStatus(hub.url, { origin: hub.server.url })).toMatchObject({ status: 101 });
  });

  test("a refused page may still read why", async () => {
    await using hub = await startHub({}, { allowedOrigins: ["https://app.example"] });
    const response = await hub.negotiate("?access_token=bad", { headers: { origin: "https://app.example" } });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([
      401,
      "https://app.example",
    ]);
  });
});

describe("authentication", () => {
  test.each([
    ["bad", 401, "Unauthorized"],
    ["forbidden", 403, "Forbidden"],
    ["busy", 503, "Service Unavailable"],
    ["broken", 500, "Internal Server Error"],
  ])("token %s is %i with an empty body, at negotiate, connect and everything else", async (token, status, reason) => {
    await using hub = await startHub();
    const response = await hub.negotiate(`?access_token=${token}`);
    expect([response.status, response.statusText, await response.text()]).toEqual([status, reason, ""]);
    expect(await upgradeStatus(`${hub.url}?access_token=${token}`)).toEqual({ status, body: "" });
    expect((await fetch(`${hub.url}?id=1&access_token=${token}`)).status).toBe(status);
  });

  test("busy says when to come back", async () => {
    await using hub = await startHub();
    expect((await hub.negotiate("?access_token=busy")).headers.get("retry-after")).toBe("7");
  });

  test("a connection token works for its principal alone; a stranger's try changes nothing", async () => {
    await using hub = await startHub();
    const { connectionToken = "" } = await read(hub.negotiate("?negotiateVersion=1&access_token=ana"));
    expect(await upgradeStatus(`${hub.url}?access_token=ben&id=${connectionToken}`)).toMatchObject({ status: 403 });
    const ana = await hub.connect({ accessToken: "ana", id: connectionToken });
    expect(await upgradeStatus(`${hub.url}?access_token=ben&id=${connectionToken}`)).toMatchObject({ status: 403 });
    expect(await ana.invoke("Who")).toMatchObject({ result: { principal: "ana" } });
  });

  test("hub code sees the app's query but no token", async () => {
    await using hub = await startHub();
    const client = await connectWithQuery(hub, "app=7");
    expect(await client.invoke("Who")).toMatchObject({
      result: { principal: "ana", userId: "ana", app: "7", token: null },
    });
  });
});

async function connectWithQuery(hub: Awaited<ReturnType<typeof startHub>>, query: string) {
  const { connectTestClient } = await import("../testing/test-client.ts");
  return connectTestClient(`${hub.server.url}/hubs/test?${query}`, { accessToken: "ana" });
}

describe("limits before authentication", () => {
  test("an address has 20 waiting negotiations as nobody; users are not counted", async () => {
    await using hub = await startHub();
    const statuses = await Promise.all(Array.from({ length: 21 }, async () => (await hub.negotiate()).status));
    expect(statuses.toSorted((one, other) => one - other)).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
    expect((await hub.negotiate("?access_token=ana")).status).toBe(200);
  });

  test("an address has so many connections without a handshake, and each handshake makes room", async () => {
    await using hub = await startHub({}, { limits: { halfOpenPerAddress: 2 } });
    const first = await hub.connect({ handshake: null });
    await hub.connect({ handshake: null });
    expect(await upgradeStatus(hub.url)).toMatchObject({ status: 429 });
    first.sendText('{"protocol":"json","version":1}\u001e');
    await first.next();
    expect(await upgradeStatus(hub.url)).toMatchObject({ status: 101 });
  });

  test("users do not count as half-open once they are known", async () => {
    await using hub = await startHub({}, { limits: { halfOpenPerAddress: 1 } });
    for (const name of ["ana", "ben", "cem"]) await hub.connect({ accessToken: name, handshake: null });
    expect(hub.signalr.metrics().openTransports).toBe(3);
  });

  test.each([
    [{ "sec-websocket-version": "12" }, 426],
    [{ "sec-websocket-key": "short" }, 400],
    [{ upgrade: "h2c" }, 400],
  ])("an upgrade with %j is %i", async (headers, status) => {
    await using hub = await startHub();
    expect(await upgradeStatus(hub.url, headers)).toMatchObject({ status });
  });
});
