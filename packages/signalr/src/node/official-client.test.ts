import {
  HttpTransportType,
  type HubConnection,
  HubConnectionBuilder,
  JsonHubProtocol,
  LogLevel,
} from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { describe, expect, test } from "vitest";
import type { TransportName } from "../transports/connection.ts";
import { createSignalR } from "./create-signalr.ts";
import { hubDefinition, startHub } from "./hub.fixture.ts";
import { serveLocally } from "./serve.ts";

const protocols = { json: JsonHubProtocol, messagepack: MessagePackHubProtocol };
type Protocol = keyof typeof protocols;

type Options = { readonly transport?: TransportName; readonly token?: string; readonly retries?: number[] };

function official(url: string, protocol: Protocol, options: Options = {}): HubConnection {
  const { transport = "WebSockets", token = "ana", retries = [] } = options;
  return new HubConnectionBuilder()
    .withUrl(url, { transport: HttpTransportType[transport], accessTokenFactory: () => token })
    .withHubProtocol(new protocols[protocol]())
    .withAutomaticReconnect(retries)
    .configureLogging(LogLevel.None)
    .build();
}

const closing = (connection: HubConnection) =>
  new Promise<Error | undefined>((resolve) => connection.onclose((error) => resolve(error)));

describe.each([
  ["json", "WebSockets"],
  ["json", "ServerSentEvents"],
  ["json", "LongPolling"],
  ["messagepack", "WebSockets"],
  ["messagepack", "LongPolling"],
] as const)("the official JavaScript client in %s over %s", (protocol, transport) => {
  test("connects, calls, listens, joins groups and leaves", async () => {
    await using hub = await startHub();
    const ana = official(hub.url, protocol, { transport });
    const ben = official(hub.url, protocol, { transport, token: "ben" });
    const told = new Promise((resolve) => ana.on("Told", resolve));
    await Promise.all([ana.start(), ben.start()]);
    expect(hub.log.connected).toContain(ana.connectionId);
    expect(await ana.invoke("echo", { text: "ä€😀", list: [1, null] })).toEqual({ text: "ä€😀", list: [1, null] });
    expect(await ana.invoke("Nothing")).toBeNull();
    await ana.invoke("Join", "vans");
    await ben.send("Tell", "vans", "hello");
    expect(await told).toBe("hello");
    const closed = closing(ana);
    await ana.stop();
    expect(await closed).toBeUndefined();
    await hub.disconnection();
    expect(hub.log.disconnected).toMatchObject([{ error: null }]);
    await ben.stop();
  });

  test("shows the method's error, and why it may not connect", async () => {
    await using hub = await startHub();
    const ana = official(hub.url, protocol, { transport });
    await ana.start();
    await expect(ana.invoke("Refuses")).rejects.toThrow(
      "An unexpected error occurred invoking 'Refuses' on the server. HubException: Not today.",
    );
    await expect(official(hub.url, protocol, { transport, token: "bad" }).start()).rejects.toThrow(
      "Failed to complete negotiation with the server: Error: Unauthorized: Status code '401'",
    );
    await ana.stop();
  });

  test("is told that a plain method is no stream", async () => {
    await using hub = await startHub();
    const ana = official(hub.url, protocol, { transport });
    await ana.start();
    const failure = new Promise<Error>((resolve) =>
      ana.stream("Echo", 1).subscribe({ next: () => {}, complete: () => {}, error: resolve }),
    );
    expect((await failure).message).toContain("attempted to invoke the non-streaming 'Echo' method");
    await ana.stop();
  });

  test("comes back to a restarted server on the same port, and does not come back after abort", async () => {
    const hub = await startHub();
    const ana = official(hub.url, protocol, { transport, retries: [0, 50, 50, 50, 50, 50, 50, 50, 50] });
    await ana.start();
    const firstId = ana.connectionId;
    const reconnecting = new Promise<void>((resolve) => ana.onreconnecting(() => resolve()));
    const reconnected = new Promise<string | undefined>((resolve) => ana.onreconnected(resolve));
    await hub[Symbol.asyncDispose]();
    await reconnecting;
    const signalr = createSignalR();
    signalr.mapHub("/hubs/test", hubDefinition({ ...hub.log }));
    await using restarted = await serveLocally(signalr, hub.server.port);
    expect(await reconnected).not.toBe(firstId);
    expect(restarted.port).toBe(hub.server.port);
    expect(await ana.invoke("Echo", "back")).toBe("back");
    const closed = closing(ana);
    await ana.send("Abort");
    expect(await closed).toBeUndefined();
    expect(ana.state).toBe("Disconnected");
  });

  test("closes when the server stops and it may not reconnect", async () => {
    await using hub = await startHub();
    const connection = new HubConnectionBuilder()
      .withUrl(hub.url, { transport: HttpTransportType[transport] })
      .withHubProtocol(new protocols[protocol]())
      .configureLogging(LogLevel.None)
      .build();
    await connection.start();
    const closed = closing(connection);
    await hub.signalr.stop();
    expect(await closed).toBeUndefined();
  });
});

describe("the official JavaScript client", () => {
  test.each(["json", "messagepack"] as const)("skips negotiation in %s", async (protocol) => {
    await using hub = await startHub();
    const connection = new HubConnectionBuilder()
      .withUrl(hub.url, { skipNegotiation: true, transport: 1, accessTokenFactory: () => "ana" })
      .withHubProtocol(new protocols[protocol]())
      .configureLogging(LogLevel.None)
      .build();
    await connection.start();
    expect(await connection.invoke("Echo", 1)).toBe(1);
    await connection.stop();
  });

  test("takes WebSockets where it may choose", async () => {
    await using hub = await startHub();
    const connection = new HubConnectionBuilder().withUrl(hub.url).configureLogging(LogLevel.None).build();
    await connection.start();
    expect(hub.signalr.metrics().hubs[0]?.activeConnections).toMatchObject({ WebSockets: 1 });
    await connection.stop();
  });

  test("is told that MessagePack does not travel as an event stream", async () => {
    await using hub = await startHub();
    await expect(official(hub.url, "messagepack", { transport: "ServerSentEvents" }).start()).rejects.toThrow(
      "does not support Binary",
    );
  });
});

describe("official clients of both protocols on one hub", () => {
  test("hear the same of each other", async () => {
    await using hub = await startHub();
    const [ana, ben] = [official(hub.url, "json"), official(hub.url, "messagepack", { token: "ben" })];
    const heard: [string, unknown][] = [];
    ana.on("Told", (text) => heard.push(["ana", text]));
    ben.on("Told", (text) => heard.push(["ben", text]));
    await Promise.all([ana.start(), ben.start()]);
    for (const client of [ana, ben]) await client.invoke("Join", "vans");
    for (const [sender, text] of [
      [ana, "hello, ben – ä€😀"],
      [ben, "hello, ana"],
    ] as const) {
      heard.length = 0;
      await sender.invoke("Tell", "vans", text);
      await expect
        .poll(() => heard.toSorted(([one], [other]) => one.localeCompare(other)))
        .toEqual([
          ["ana", text],
          ["ben", text],
        ]);
    }
    await Promise.all([ana.stop(), ben.stop()]);
  });

  test("hear times as their protocol has them, where the hub says which are times", async () => {
    const iso = "2026-01-31T12:00:00.123Z";
    const asDate = (value: unknown) => new Date(String(value));
    const signalr = createSignalR();
    signalr.mapHub<null, { Told: [at: string, note: string] }>("/hubs/times", {
      authenticate: () => ({ kind: "accepted", principal: null, principalKey: "anyone" }),
      methods: {
        Tell: {
          minArguments: 0,
          maxArguments: 0,
          resultWithDates: asDate,
          invoke: async ({ clients }) => {
            await clients.all.send("Told", iso, iso);
            return iso;
          },
        },
      },
      eventsWithDates: { Told: ([at, note]) => [asDate(at), note] },
    });
    await using server = await serveLocally(signalr);
    const [ana, ben] = [
      official(`${server.url}/hubs/times`, "json"),
      official(`${server.url}/hubs/times`, "messagepack"),
    ];
    const heard: unknown[][] = [];
    for (const client of [ana, ben]) client.on("Told", (...args: unknown[]) => heard.push(args));
    await Promise.all([ana.start(), ben.start()]);
    expect(await ana.invoke("Tell")).toBe(iso);
    await expect.poll(() => heard).toHaveLength(2);
    expect(heard).toEqual(
      expect.arrayContaining([
        [iso, iso],
        [new Date(iso), iso],
      ]),
    );
    expect(await ben.invoke("Tell")).toEqual(new Date(iso));
    await Promise.all([ana.stop(), ben.stop()]);
  });

  test("MessagePack carries what JSON has no type for", async () => {
    await using hub = await startHub();
    const ana = official(hub.url, "messagepack");
    await ana.start();
    const value = {
      at: new Date("2026-01-31T12:00:00.123Z"),
      bytes: Uint8Array.of(0, 255),
      most: Number.MAX_SAFE_INTEGER,
      least: -1.5,
      list: [new Date(-1), []],
    };
    expect(await ana.invoke("Echo", value)).toEqual(value);
    await ana.stop();
  });
});
