import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { HubOptions } from "../hub/hub-options.ts";
import { transportNames } from "../transports/connection.ts";
import { startHub, startHubOver } from "./hub.fixture.ts";

const error = "Connection closed with an error.";

describe.each(transportNames)("over %s", (transport) => {
  const startHub = (hubOptions: HubOptions = {}) => startHubOver(transport, hubOptions);

  describe("how connections end", () => {
    test("row 51: a broken message closes with reconnect", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      client.sendText('{"type":1,"target":"Echo"}\u001e');
      expect(await client.next()).toEqual({ type: 7, error, allowReconnect: true });
      expect(await client.closed).toEqual({ code: 1000, wasClean: true });
      expect(hub.log.disconnected).toMatchObject([{ error: { message: "Missing required property 'arguments'." } }]);
    });

    test("row 52: half a message and the end", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      client.sendText('{"type":1');
      client.close();
      await hub.disconnection();
      expect(hub.log.disconnected).toMatchObject([
        { error: { message: "Connection terminated while reading a message." } },
      ]);
    });

    test("row 53: the client's Close is answered", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      client.send({ type: 7 });
      expect(await client.next()).toEqual({ type: 7 });
      expect(hub.log.disconnected).toMatchObject([{ error: null }]);
    });

    test("row 53: the client's Close with an error, even an empty one, tells the hub", async () => {
      await using hub = await startHub();
      const clients = [await hub.connect(), await hub.connect()];
      clients[0]?.send({ type: 7, error: "flat battery" });
      await clients[0]?.closed;
      clients[1]?.send({ type: 7, error: "" });
      await clients[1]?.closed;
      expect(hub.log.disconnected.map(({ error }) => error)).toMatchObject([
        { code: "client-error", message: "flat battery" },
        { code: "client-error", message: "" },
      ]);
    });

    test("abort closes without reconnect", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      client.send({ type: 1, target: "Abort", arguments: [] });
      expect(await client.next()).toEqual({ type: 7 });
      expect(hub.log.disconnected).toMatchObject([{ error: null }]);
    });

    test("the server may send a client away with or without a way back", async () => {
      await using hub = await startHub();
      const clients = [await hub.connect({ accessToken: "ana" }), await hub.connect({ accessToken: "ben" })];
      await clients[0]?.invoke("Join", "vans");
      await hub.hub.connections.disconnectGroup("vans", { allowReconnect: true });
      await hub.hub.connections.disconnectUser("ben", { error: "Unbound.", allowReconnect: false });
      expect(await clients[0]?.next()).toEqual({ type: 7, allowReconnect: true });
      expect(await clients[1]?.next()).toEqual({ type: 7, error: "Unbound." });
      expect(hub.hub.connections.count).toBe(0);
    });

    test("a failing onConnected closes without reconnect, and onDisconnected is not called", async () => {
      await using hub = await startHub({ detailedErrors: true });
      hub.log.connecting = () => Promise.reject(new TypeError("no table"));
      const client = await hub.connect();
      expect(await client.next()).toEqual({ type: 7, error: `${error} TypeError: no table` });
      await client.closed;
      expect([hub.log.disconnected, hub.hub.connections.count]).toEqual([[], 0]);
    });

    test("a client that leaves during onConnected is told of after it, once", async () => {
      await using hub = await startHub();
      hub.log.connecting = () => hub.log.gate.passed;
      const client = await hub.connect();
      client.close();
      await client.closed;
      expect(hub.log.disconnected).toEqual([]);
      hub.log.gate.open();
      await hub.disconnection();
      expect(hub.log.disconnected).toHaveLength(1);
    });

    test("the signal is aborted when the connection ends", async () => {
      await using hub = await startHub();
      const signals: AbortSignal[] = [];
      hub.log.connecting = async (caller) => void signals.push(caller.signal);
      const client = await hub.connect();
      expect(signals[0]?.aborted).toBe(false);
      client.close();
      await hub.disconnection();
      expect(signals[0]?.aborted).toBe(true);
    });
  });

  describe("keep-alive and time-outs", () => {
    test("row 42: a client that never pings is never timed out", async () => {
      await using hub = await startHub();
      await hub.connect();
      await hub.seconds(300);
      expect(hub.hub.connections.count).toBe(1);
    });

    test("row 62: an expired authentication closes with reconnect after the grace", async () => {
      await using hub = await startHub({ authenticationExpiry: { graceMs: 2000 } });
      hub.log.expiresAt = hub.clock.now() + 10_000;
      const client = await hub.connect({ accessToken: "ana" });
      await hub.seconds(11);
      expect(hub.hub.connections.count).toBe(1);
      await hub.seconds(1);
      expect(await client.nextOf(7)).toEqual({ type: 7, allowReconnect: true });
      expect(hub.log.disconnected).toMatchObject([{ error: { code: "authentication-expired" } }]);
    });

    test("a renewed authentication lives on", async () => {
      await using hub = await startHub({ authenticationExpiry: { graceMs: 0 } });
      hub.log.expiresAt = hub.clock.now() + 10_000;
      const client = await hub.connect({ accessToken: "ana" });
      expect(await client.invoke("Renew", "ana", hub.clock.now() + 60_000)).toMatchObject({ result: null });
      await hub.seconds(59);
      expect(hub.hub.connections.count).toBe(1);
      await hub.seconds(1);
      expect(hub.hub.connections.count).toBe(0);
    });

    test("an expiry is ignored unless the hub minds", async () => {
      await using hub = await startHub();
      hub.log.expiresAt = hub.clock.now() - 1;
      await hub.connect({ accessToken: "ana" });
      await hub.seconds(2);
      expect(hub.hub.connections.count).toBe(1);
    });
  });

  describe("sending", () => {
    test("row 59 to 61: groups of strangers, of the gone and of others", async () => {
      await using hub = await startHub();
      const [ana, ben] = [await hub.connect({ accessToken: "ana" }), await hub.connect({ accessToken: "ben" })];
      const [, benId = ""] = hub.log.connected;
      await hub.hub.groups.add("nobody", "vans");
      await hub.hub.groups.add(benId, "vans");
      await hub.hub.groups.add(benId, "vans");
      await ana.invoke("Tell", "vans", "one");
      expect(await ben.next()).toEqual({ type: 1, target: "Told", arguments: ["one"] });
      ben.close();
      await hub.disconnection();
      expect(await ana.invoke("Tell", "vans", "two")).toMatchObject({ result: null });
      expect(hub.hub.connections.ids("vans")).toEqual([]);
    });

    test("a member of two groups receives once, users on all their connections", async () => {
      await using hub = await startHub();
      const ana = await hub.connect({ accessToken: "ana" });
      const again = await hub.connect({ accessToken: "ana" });
      for (const group of ["vans", "north"]) await ana.invoke("Join", group);
      await hub.hub.clients.groups(["vans", "north"]).send("Told", "once");
      await hub.hub.clients.user("ana").send("Counted", 7);
      expect([await ana.next(), await ana.next(), await again.next()]).toMatchObject([
        { arguments: ["once"] },
        { arguments: [7] },
        { arguments: [7] },
      ]);
    });
  });

  describe("stopping", () => {
    test("row 66: every client is sent away with reconnect, newcomers are refused", async () => {
      await using hub = await startHub();
      const clients = [await hub.connect(), await hub.connect()];
      const stopped = hub.signalr.stop();
      expect((await hub.negotiate()).status).toBe(503);
      await stopped;
      for (const client of clients) {
        expect(await client.next()).toEqual({ type: 7, allowReconnect: true });
        expect(await client.closed).toEqual({ code: 1000, wasClean: true });
      }
      expect(hub.log.disconnected.map(({ error }) => error)).toEqual([null, null]);
      expect(hub.signalr.metrics().openTransports).toBe(0);
    });

    test("a running call ends and is answered first; those behind it never start", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      client.send(
        { type: 1, invocationId: "1", target: "Wait", arguments: ["a"] },
        { type: 1, invocationId: "2", target: "Wait", arguments: ["b"] },
      );
      await expect.poll(() => hub.log.started).toEqual(["a"]);
      const stopped = hub.signalr.stop();
      hub.log.gate.open();
      await stopped;
      expect([await client.next(), await client.next()]).toEqual([
        { type: 3, invocationId: "1", result: "a" },
        { type: 7, allowReconnect: true },
      ]);
      expect(hub.log.started).toEqual(["a"]);
    });

    test("a client still in onConnected is told of before the stop ends", async () => {
      await using hub = await startHub();
      hub.log.connecting = () => hub.log.gate.passed;
      await hub.connect();
      const stopped = hub.signalr.stop();
      hub.log.gate.open();
      await stopped;
      expect(hub.log.disconnected).toHaveLength(1);
    });

    test("the hub's own goodbye is waited for", async () => {
      await using hub = await startHub();
      hub.log.disconnecting = () => hub.log.gate.passed;
      const client = await hub.connect();
      let isStopped = false;
      const stopped = hub.signalr.stop().then(() => (isStopped = true));
      await client.closed;
      await expect.poll(() => hub.signalr.metrics().openTransports).toBe(0);
      await new Promise((resolve) => setImmediate(resolve));
      expect(isStopped).toBe(false);
      hub.log.gate.open();
      await stopped;
      expect(hub.log.disconnected).toHaveLength(1);
    });

    test("a call that does not end is cut off at the time-out", async () => {
      await using hub = await startHub();
      const client = await hub.connect();
      client.send({ type: 1, invocationId: "1", target: "Wait", arguments: ["a"] });
      await expect.poll(() => hub.log.started).toEqual(["a"]);
      const stopped = hub.signalr.stop({ timeoutMs: 3000 });
      await hub.seconds(3);
      await stopped;
      expect(await client.nextOf(7)).toEqual({ type: 7, allowReconnect: true });
      expect(client.frames.join("")).not.toContain('"type":3');
      await client.closed;
      expect(hub.log.disconnected).toHaveLength(1);
    });
  });
});

describe.each(["WebSockets", "ServerSentEvents"] as const)("pings over %s", (transport) => {
  const startHub = (hubOptions: HubOptions = {}) => startHubOver(transport, hubOptions);

  test("a ping goes out every 15 s, whatever else was sent", async () => {
    await using hub = await startHub();
    const client = await hub.connect();
    await hub.seconds(14);
    await client.invoke("Echo", 1);
    await hub.seconds(1);
    expect(await client.next()).toEqual({ type: 6 });
    await hub.seconds(15);
    expect(await client.next()).toEqual({ type: 6 });
  });

  test("row 42: one that pinged and fell silent for 30 s is closed with reconnect", async () => {
    await using hub = await startHub();
    const client = await hub.connect();
    client.send({ type: 6 });
    await client.invoke("Echo", 1);
    await hub.seconds(30);
    expect(hub.log.disconnected).toEqual([]);
    await hub.seconds(1);
    expect(await client.nextOf(7)).toEqual({ type: 7, error, allowReconnect: true });
    expect(hub.log.disconnected).toMatchObject([
      { error: { code: "client-timeout", name: "OperationCanceledException" } },
    ]);
  });

  test("a client of which the hub expects pings is timed out without ever having pinged", async () => {
    await using hub = await startHub();
    const client = await hub.connect();
    await client.invoke("ExpectPings");
    await hub.seconds(31);
    expect(await client.nextOf(7)).toMatchObject({ allowReconnect: true });
  });

  test("row 41: no time-out while a call runs, and a full one after it", async () => {
    await using hub = await startHub();
    const client = await hub.connect();
    client.send({ type: 6 }, { type: 1, invocationId: "1", target: "Wait", arguments: [1] });
    await expect.poll(() => hub.log.started.length).toBe(1);
    await hub.seconds(60);
    hub.log.gate.open();
    expect(await client.nextOf(3)).toMatchObject({ result: 1 });
    await hub.seconds(30);
    expect(hub.hub.connections.count).toBe(1);
    await hub.seconds(1);
    expect(hub.hub.connections.count).toBe(0);
  });
});

describe("WebSockets alone", () => {
  test("a renewed authentication lives on as another principal where the hub lets it", async () => {
    await using hub = await startHub({ authenticationExpiry: { graceMs: 0 } });
    hub.log.expiresAt = hub.clock.now() + 10_000;
    const client = await hub.connect({ accessToken: "ana" });
    expect(await client.invoke("Renew", "ben", hub.clock.now() + 60_000)).toMatchObject({ result: null });
    expect(await client.invoke("Who")).toMatchObject({ result: { principal: "ben", userId: "ana" } });
    await hub.seconds(59);
    expect(hub.hub.connections.count).toBe(1);
    await hub.seconds(1);
    expect(hub.hub.connections.count).toBe(0);
  });

  test("row 65: a close without code is answered by 1000", async () => {
    await using hub = await startHub();
    const client = await hub.connect();
    client.close();
    expect(await client.closed).toEqual({ code: 1000, wasClean: true });
    await hub.disconnection();
    expect(hub.log.disconnected).toMatchObject([{ error: null }]);
  });

  test("a socket that breaks is told from a plain close", async () => {
    await using hub = await startHub();
    const socket = connect(hub.server.port, "127.0.0.1");
    socket.write(
      "GET /hubs/test HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    await new Promise((resolve) => socket.once("data", resolve));
    const handshake = Buffer.from('{"protocol":"json","version":1}\u001e');
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | handshake.length, 0, 0, 0, 0]), handshake]));
    await new Promise((resolve) => socket.once("data", resolve));
    await expect.poll(() => hub.log.connected.length).toBe(1);
    socket.resetAndDestroy();
    await hub.disconnection();
    expect(hub.log.disconnected).toMatchObject([{ error: { code: "transport" } }]);
    await expect.poll(() => hub.signalr.metrics().openTransports).toBe(0);
  });

  test("a client that does not read is cut off at the write buffer's limit", async () => {
    await using hub = await startHub({ maximumWriteBufferBytes: 100_000 });
    const socket = connect(hub.server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      "GET /hubs/test HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    await new Promise((resolve) => socket.once("data", resolve));
    const handshake = Buffer.from('{"protocol":"json","version":1}\u001e');
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | handshake.length, 0, 0, 0, 0]), handshake]));
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    for (let round = 0; round < 500 && hub.log.disconnected.length === 0; round++) {
      await hub.hub.clients.all.send("Told", "x".repeat(50_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(hub.log.disconnected).toMatchObject([{ error: { code: "write-overflow" } }]);
    socket.destroy();
  });
});
