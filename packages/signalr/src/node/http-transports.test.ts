import { describe, expect, test } from "vitest";
import { brokenPost, call, handshake, keptAlive, negotiated, polling } from "./http-transports.fixture.ts";
import { startHub } from "./hub.fixture.ts";
import { upgradeStatus } from "./upgrade-status.fixture.ts";

const turn = () => new Promise((resolve) => setTimeout(resolve, 10));
const transports = ["ServerSentEvents", "LongPolling"] as const;
const unknown = { status: 404, body: "No Connection with that ID" };

describe("long polling", () => {
  test("the first poll is answered at once, empty and never cached; then it is a connection", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const first = await client.poll();
    expect(first).toMatchObject({ status: 200, body: "" });
    expect(Object.fromEntries(first.headers)).toMatchObject({
      "content-length": "0",
      "cache-control": "no-cache, no-store",
      pragma: "no-cache",
      expires: "Thu, 01 Jan 1970 00:00:00 GMT",
    });
    expect(await client.post(handshake)).toMatchObject({ status: 200, body: "" });
    const answer = await client.poll();
    expect(answer).toMatchObject({ status: 200, body: "{}\u001e" });
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    await expect.poll(() => hub.log.connected).toEqual([client.connectionId]);
    expect(hub.signalr.metrics().hubs[0]?.activeConnections).toMatchObject({ LongPolling: 1 });
  });

  test("a poll waits 90 s for something to say and is answered empty; neither side pings", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    const waiting = client.poll();
    await turn();
    await hub.seconds(89);
    const early = await Promise.race([waiting, turn()]);
    expect(early).toBeUndefined();
    await hub.seconds(1);
    expect(await waiting).toMatchObject({ status: 200, body: "" });
    expect(hub.log.disconnected).toEqual([]);
  });

  test("everything of a pause comes with the next poll, in order", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    for (const id of ["1", "2", "3"]) await client.post(call("Echo", [id], id));
    await turn();
    const { body } = await client.poll();
    expect(body.match(/"result":"\d"/g)).toEqual(['"result":"1"', '"result":"2"', '"result":"3"']);
  });

  test("what is said after a poll was given up waits for the next poll", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    const givenUp = new AbortController();
    const lost = client.poll({ signal: givenUp.signal }).catch(() => "given up");
    await turn();
    givenUp.abort();
    expect(await lost).toBe("given up");
    await turn();
    await hub.hub.clients.all.send("Told", "one");
    await turn();
    await hub.hub.clients.all.send("Told", "two");
    await turn();
    expect((await client.poll()).body.match(/one|two/g)).toEqual(["one", "two"]);
  });

  test("polls one after the other use one TCP connection", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const reused = [];
    using agent = keptAlive();
    for (let count = 0; count < 3; count++) {
      const poll = agent.get(client.address());
      if (count > 0) await hub.hub.clients.all.send("Told", "x");
      reused.push(await poll);
      if (count === 0) await client.post(handshake);
      if (count === 0) await expect.poll(() => hub.log.connected.length).toBe(1);
    }
    expect(reused).toEqual([false, true, true]);
  });

  test("row 9: a newer poll takes the place of one that waits", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    const first = client.poll();
    await turn();
    const second = client.poll();
    expect(await first).toMatchObject({ status: 204, body: "" });
    await hub.hub.clients.all.send("Told", "hello");
    expect((await second).body).toContain("hello");
  });

  test("row 9: of polls that race one waits and hears, the others are 204", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    const racing = [client.poll(), client.poll(), client.poll()];
    await Promise.race(racing);
    await turn();
    await hub.hub.clients.all.send("Told", "hello");
    const statuses = (await Promise.all(racing)).map(({ status }) => status);
    expect(statuses.toSorted((one, other) => one - other)).toEqual([200, 204, 204]);
  });

  test("row 14: DELETE between polls ends the connection", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    expect(await client.end()).toMatchObject({ status: 202, body: "" });
    await hub.disconnection();
    expect(hub.log.disconnected).toMatchObject([{ error: null }]);
    for (const answer of [await client.poll(), await client.post("x"), await client.end()]) {
      expect(answer).toMatchObject(unknown);
    }
  });

  test("row 14: DELETE during a poll answers that with 204", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    const waiting = client.poll();
    await turn();
    expect((await client.end()).status).toBe(202);
    expect((await waiting).status).toBe(204);
  });

  test("row 16: a client that polls no more is gone after 15 s, and its polls are counted anew by each", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    await hub.seconds(14);
    await client.post(call("Nothing", [], "1"));
    await client.poll();
    await hub.seconds(14);
    expect(hub.log.disconnected).toEqual([]);
    await hub.seconds(2);
    expect(hub.log.disconnected).toMatchObject([{ error: { code: "client-timeout" } }]);
    expect(await client.poll()).toMatchObject(unknown);
    expect(hub.signalr.metrics().openTransports).toBe(0);
  });

  test("after the end what is left comes with one poll more, and the next is 204", async () => {
    await using hub = await startHub();
    const client = await polling(hub);
    await hub.hub.clients.all.send("Told", "last words");
    await hub.hub.connections.disconnect(client.connectionId, { allowReconnect: false });
    const last = await client.poll();
    expect([last.status, last.body.includes("last words"), last.body.endsWith('{"type":7}\u001e')]).toEqual([
      200,
      true,
      true,
    ]);
    expect((await client.poll()).status).toBe(204);
    expect(await client.poll()).toMatchObject(unknown);
  });

  test("a poll with a token that lasts longer renews the authentication, one with an older does not", async () => {
    await using hub = await startHub({ authenticationExpiry: { graceMs: 0 } });
    hub.log.expiresAt = hub.clock.now() + 10_000;
    const client = await polling(hub, "ana");
    hub.log.expiresAt = hub.clock.now() + 14_000;
    await client.post(call("Nothing", [], "1"));
    await client.poll();
    hub.log.expiresAt = hub.clock.now() + 5_000;
    await client.post(call("Nothing", [], "2"));
    await client.poll();
    await hub.seconds(13);
    expect(hub.log.disconnected).toEqual([]);
    await hub.seconds(1);
    expect(hub.log.disconnected).toMatchObject([{ error: { code: "authentication-expired" } }]);
  });

  test("a client that does not poll for what it is sent is cut off at the write buffer's limit", async () => {
    await using hub = await startHub({ maximumWriteBufferBytes: 100_000 });
    await polling(hub);
    for (let round = 0; round < 3; round++) {
      await hub.hub.clients.all.send("Told", "x".repeat(50_000));
      await turn();
    }
    expect(hub.log.disconnected).toMatchObject([{ error: { code: "write-overflow" } }]);
    expect(hub.signalr.metrics().openTransports).toBe(0);
  });
});

describe("an event stream", () => {
  test("begins at once with a comment, and nothing on the way may hold it back", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const response = await client.stream();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-cache,no-store",
      pragma: "no-cache",
      "content-encoding": "identity",
      "x-accel-buffering": "no",
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const next = async () => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await next()).toBe(":\r\n");
    await client.post(handshake);
    expect(await next()).toBe("data: {}\u001e\r\n\r\n");
    expect(hub.signalr.metrics().hubs[0]?.activeConnections).toMatchObject({ ServerSentEvents: 1 });
  });

  test("row 8: a second one is 409 and does not hurt the first", async () => {
    await using hub = await startHub();
    const { connectionToken, stream } = await negotiated(hub);
    const first = await hub.connect({ transport: "ServerSentEvents", id: connectionToken });
    expect((await stream()).status).toBe(409);
    expect(await first.invoke("Echo", 1)).toMatchObject({ result: 1 });
  });

  test("row 13: DELETE is refused", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const connection = await hub.connect({ transport: "ServerSentEvents", id: client.connectionToken });
    const refused = { status: 400, body: "Cannot terminate this connection using the DELETE endpoint." };
    expect(await client.end()).toMatchObject(refused);
    expect(await connection.invoke("Echo", 1)).toMatchObject({ result: 1 });
  });

  test("a client that drops it has left; its posts are unknown", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const connection = await hub.connect({ transport: "ServerSentEvents", id: client.connectionToken });
    connection.close();
    await hub.disconnection();
    expect(hub.log.disconnected).toMatchObject([{ error: null }]);
    expect(await client.post("x")).toMatchObject(unknown);
  });

  test("a client that does not read is cut off at the write buffer's limit", async () => {
    await using hub = await startHub({ maximumWriteBufferBytes: 100_000 });
    const client = await negotiated(hub);
    const unread = await client.stream();
    await client.post(handshake);
    await expect.poll(() => hub.log.connected.length).toBe(1);
    for (let round = 0; round < 500 && hub.log.disconnected.length === 0; round++) {
      await hub.hub.clients.all.send("Told", "x".repeat(50_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(hub.log.disconnected).toMatchObject([{ error: { code: "write-overflow" } }]);
    await expect.poll(() => hub.signalr.metrics().openTransports).toBe(0);
    expect(unread.bodyUsed).toBe(false);
  });

  test("row 19: a binary protocol cannot travel on it", async () => {
    await using hub = await startHub();
    const client = await hub.connect({ transport: "ServerSentEvents", handshake: null });
    client.sendText('{"protocol":"messagepack","version":1}\u001e');
    expect(await client.next()).toEqual({
      error:
        "Cannot use the 'messagepack' protocol on the current transport. The transport does not support 'Binary' transfer format.",
    });
  });
});

describe.each(transports)("each request over %s", (transport) => {
  test("row 10: a connection keeps its transport", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const connection = await hub.connect({ transport, id: client.connectionToken });
    const refused = { status: 400, body: "Cannot change transports mid-connection" };
    const accept = transport === "LongPolling" ? "text/event-stream" : "*/*";
    expect(await client.ask({ headers: { accept } })).toMatchObject(refused);
    expect(await upgradeStatus(client.address())).toEqual(refused);
    expect(await connection.invoke("Echo", 1)).toMatchObject({ result: 1 });
  });

  test("before the first GET there is nothing to post to or to end, and the negotiation is kept", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    expect((await client.post(handshake)).status).toBe(409);
    expect((await client.end()).status).toBe(400);
    const connection = await hub.connect({ transport, id: client.connectionToken });
    expect(await connection.invoke("Echo", 1)).toMatchObject({ result: 1 });
  });

  test("is authenticated anew, and a stranger's changes nothing", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub, "ana");
    expect((await client.ask({}, "ben")).status).toBe(403);
    const connection = await hub.connect({ transport, accessToken: "ana", id: client.connectionToken });
    for (const [as, status] of [
      ["ben", 403],
      [null, 403],
      ["bad", 401],
      ["forbidden", 403],
      ["busy", 503],
      ["broken", 500],
    ] as const) {
      const answers = [await client.ask({}, as), await client.post(call("Abort", [], "9"), as), await client.end(as)];
      expect(answers.map((answer) => [answer.status, answer.body])).toEqual(answers.map(() => [status, ""]));
    }
    expect(await connection.invoke("Who")).toMatchObject({ result: { principal: "ana", token: null } });
  });

  test("a body that breaks off changes nothing", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const connection = await hub.connect({ transport, id: client.connectionToken });
    await brokenPost(client.address(), '{"type":1,"invocationId"', 1000);
    expect(await connection.invoke("Echo", 1)).toMatchObject({ result: 1 });
  });

  test("a long body that breaks off after the hub had its beginning ends the connection", async () => {
    await using hub = await startHub({ maximumReceiveMessageSize: 1000 });
    const client = await negotiated(hub);
    await hub.connect({ transport, id: client.connectionToken });
    await brokenPost(client.address(), `${call("Nothing", [], "1").repeat(40)}{"type"`, 10_000);
    await hub.disconnection();
    expect(hub.log.disconnected).toMatchObject([
      { error: { message: "Connection terminated while reading a message." } },
    ]);
    await expect.poll(() => hub.signalr.metrics().openTransports).toBe(0);
  });

  test("posts that come together are taken one after the other; a busy hub lets them wait, to a bound", async () => {
    await using hub = await startHub();
    const client = await negotiated(hub);
    const connection = await hub.connect({ transport, id: client.connectionToken });
    await client.post(call("Wait", [0], "wait"));
    const filler = client.post(call("Echo", ["x".repeat(30_000)], "filler").repeat(5));
    await turn();
    const statuses: number[] = [];
    const posts = Array.from({ length: 20 }, async (_, index) => {
      statuses.push((await client.post(call("Echo", [index], String(index)))).status);
    });
    await expect.poll(() => statuses).toEqual([429, 429, 429, 429, 429]);
    hub.log.gate.open();
    expect((await filler).status).toBe(200);
    await Promise.all(posts);
    expect(statuses.filter((status) => status === 200)).toHaveLength(15);
    expect(await connection.invoke("Echo", "end")).toMatchObject({ type: 3 });
  });

  test("may come from a page of an allowed origin, which may read the answers; others are 403", async () => {
    await using hub = await startHub({}, { allowedOrigins: ["https://app.example"] });
    const client = await negotiated(hub);
    const page = { origin: "https://app.example" };
    const response =
      transport === "LongPolling" ? await client.poll({ headers: page }) : await client.stream({ headers: page });
    const post = await client.ask({ method: "POST", body: handshake, headers: page });
    for (const { headers } of [response, post]) {
      expect(headers.get("access-control-allow-origin")).toBe("https://app.example");
      expect(headers.get("access-control-allow-credentials")).toBe("true");
    }
    for (const method of ["GET", "POST", "DELETE"]) {
      expect((await client.ask({ method, headers: { origin: "https://evil.example" } })).status).toBe(403);
    }
    expect(hub.signalr.metrics().openTransports).toBe(1);
  });

  test("an address has so many connections without a handshake, and each handshake makes room", async () => {
    await using hub = await startHub({}, { limits: { halfOpenPerAddress: 2 } });
    const first = await hub.connect({ transport, handshake: null });
    await hub.connect({ transport, handshake: null });
    await expect(hub.connect({ transport, handshake: null })).rejects.toThrow("429");
    first.sendText(handshake);
    await first.next();
    await hub.connect({ transport, handshake: null });
    expect(hub.signalr.metrics().openTransports).toBe(3);
  });

  test("leaves neither tokens nor addresses in the log", async () => {
    const lines: string[] = [];
    const write = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
    await using hub = await startHub({}, { logger: { debug: write, info: write, warn: write, error: write } });
    const client = await negotiated(hub, "top-secret");
    const connection = await hub.connect({ transport, accessToken: "top-secret", id: client.connectionToken });
    await connection.invoke("Throws");
    connection.close();
    await hub.disconnection();
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join()).not.toContain("top-secret");
    expect(lines.join()).not.toContain(client.connectionToken);
  });

  test("row 66: a stopping server takes no newcomer but hears those it has", async () => {
    await using hub = await startHub();
    const newcomer = await negotiated(hub);
    const connection = await hub.connect({ transport });
    connection.send({ type: 1, invocationId: "1", target: "Wait", arguments: ["a"] });
    await expect.poll(() => hub.log.started).toEqual(["a"]);
    const stopped = hub.signalr.stop();
    const accept = transport === "LongPolling" ? "*/*" : "text/event-stream";
    expect((await newcomer.ask({ headers: { accept } })).status).toBe(503);
    connection.send({ type: 6 });
    hub.log.gate.open();
    await stopped;
    expect([await connection.next(), await connection.next()]).toEqual([
      { type: 3, invocationId: "1", result: "a" },
      { type: 7, allowReconnect: true },
    ]);
    expect(await connection.closed).toEqual({ code: 1000, wasClean: true });
  });
});
