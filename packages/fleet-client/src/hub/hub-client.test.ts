import { fleetHub, pairingHub } from "@dsp-fleet/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { virtualClock } from "../testing/virtual-clock.ts";
import { createHubClient, type HubClientOptions } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import type { HubConnectionLike } from "./open-connection.ts";

type Line = {
  readonly url: string;
  readonly token: string;
  readonly calls: { method: string; args: readonly unknown[] }[];
  send(event: string, ...args: unknown[]): void;
  close(problem: string): void;
};

/** A hub whose lines can be cut; `onStart` decides what becomes of each connect. */
function aHub(options: Partial<HubClientOptions> = {}) {
  const clock = virtualClock();
  const lines: Line[] = [];
  const hub = {
    clock,
    lines,
    attempts: [] as number[],
    onStart: async (_token: string): Promise<void> => {},
    onInvoke: async (_method: string): Promise<unknown> => null,
    goOnline: () => {},
  };
  const settings: HubClientOptions = {
    baseUrl: "https://fleet.test/",
    accessToken: () => "token",
    clock,
    random: () => 0.5,
    onOnline: (listener) => {
      hub.goOnline = listener;
      return () => {};
    },
    openConnection(target): HubConnectionLike {
      const handlers = new Map<string, (args: readonly unknown[]) => void>();
      let onClose = (_: string): void => {};
      return {
        async start() {
          hub.attempts.push(clock.now());
          const token = await target.accessToken();
          await hub.onStart(token);
          const calls: Line["calls"] = [];
          lines.push({
            url: target.url,
            token,
            calls,
            send: (event, ...args) => handlers.get(event)?.(args),
            close: (problem) => onClose(problem),
          });
        },
        async stop() {},
        on: (event, handler) => void handlers.set(event, handler),
        onClose: (handler) => {
          onClose = handler;
        },
        async invoke(method, args) {
          lines.at(-1)?.calls.push({ method, args });
          return hub.onInvoke(method);
        },
      };
    },
    ...options,
  };
  return { hub, settings };
}

const network = () => Promise.reject(new TypeError("fetch failed"));
const refusal = () => Promise.reject(new HubError("unauthorized", "401"));

describe("calls and events", () => {
  test("named arguments go out in the order of the contract, left out ones as null", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    client.start();
    await hub.clock.advance(1);
    await client.invoke("ReportLocation", { lon: 2, lat: 41, appVersion: "1" });
    expect(hub.lines[0]).toMatchObject({ url: "https://fleet.test/hubs/fleet", token: "token" });
    expect(hub.lines[0]?.calls).toEqual([{ method: "ReportLocation", args: [41, 2, null, "1", null] }]);
  });

  test("an event's arguments come in by name, until the listener is taken away", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    const seen: unknown[] = [];
    const forget = client.on("DeviceUpdated", ({ deviceId, lastLat, syncState }) =>
      seen.push([deviceId, lastLat, syncState]),
    );
    client.start();
    await hub.clock.advance(1);
    const say = () => hub.lines[0]?.send("DeviceUpdated", 7, true, 41, 2, null, 80, null, null, null, "idle");
    say();
    forget();
    say();
    expect(seen).toEqual([[7, 41, "idle"]]);
  });

  test("without a connection a call fails at once, as disconnected", async () => {
    const { settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    await expect(client.invoke("ReportDeviceInfo")).rejects.toMatchObject({ code: "disconnected" });
  });

  test("what a lost connection still says is not heard", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    const seen: number[] = [];
    client.on("DeviceRemoved", ({ deviceId }) => seen.push(deviceId));
    client.start();
    await hub.clock.advance(1);
    hub.lines[0]?.close("cut");
    hub.lines[0]?.send("DeviceRemoved", 1);
    await hub.clock.advance(1_000);
    hub.lines[0]?.close("cut again");
    hub.lines[1]?.send("DeviceRemoved", 2);
    expect(seen).toEqual([2]);
    expect(client.state.kind).toBe("connected");
  });
});

describe("reconnecting", () => {
  test("after every connect the caller hears of it", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    let connects = 0;
    client.onConnected(() => void connects++);
    client.start();
    await hub.clock.advance(1);
    hub.lines[0]?.close("cut");
    await hub.clock.advance(2_000);
    expect(connects).toBe(2);
  });

  test("it never gives up, waits at most thirty seconds, and never asks in a rush", async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), async (randoms) => {
        const { hub, settings } = aHub({ random: () => randoms.next().value });
        const client = createHubClient(fleetHub, settings);
        hub.onStart = network;
        client.start();
        await hub.clock.advance(300_000);
        const waits = hub.attempts.slice(1).map((atMs, index) => atMs - (hub.attempts[index] ?? 0));
        for (const [index, waitMs] of waits.entries()) {
          expect(waitMs).toBeLessThanOrEqual(Math.min(30_000, 1_000 * 2 ** index));
        }
        hub.onStart = async () => {};
        await hub.clock.advance(30_001);
        expect(client.state.kind).toBe("connected");
      }),
      { numRuns: 20 },
    );
  });

  test("a server that accepts and drops at once is left alone longer and longer", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    client.onConnected(() => setImmediate(() => hub.lines.at(-1)?.close("dropped")));
    client.start();
    await hub.clock.advance(120_000);
    expect(hub.attempts.length).toBeLessThan(15);
  });

  test("when the network is back it does not wait for its turn", async () => {
    const { hub, settings } = aHub({ random: () => 0.99 });
    const client = createHubClient(fleetHub, settings);
    hub.onStart = network;
    client.start();
    await hub.clock.advance(120_000);
    expect(client.state).toMatchObject({ kind: "waiting", problem: "fetch failed" });
    hub.onStart = async () => {};
    hub.goOnline();
    await hub.clock.advance(1);
    expect(client.state.kind).toBe("connected");
  });

  test("a connect that hangs is given up", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    hub.onStart = () => new Promise(() => {});
    client.start();
    await hub.clock.advance(19_000);
    expect(client.state.kind).toBe("connecting");
    hub.onStart = async () => {};
    await hub.clock.advance(2_500);
    expect(client.state.kind).toBe("connected");
  });

  test("the state tells since when there is no connection", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    client.start();
    await hub.clock.advance(60_000);
    const cutAtMs = hub.clock.now();
    hub.onStart = network;
    hub.lines[0]?.close("cut");
    await hub.clock.advance(60_000);
    expect(client.state).toMatchObject({ sinceMs: cutAtMs });
  });

  test("stopped is stopped", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    hub.onStart = network;
    client.start();
    await hub.clock.advance(5_000);
    await client.stop();
    const before = hub.attempts.length;
    hub.goOnline();
    await hub.clock.advance(300_000);
    expect(client.state).toEqual({ kind: "closed", reason: "stopped" });
    expect(hub.attempts).toHaveLength(before);
  });
});

describe("a refused token", () => {
  test("is asked for again, and a better one connects at once", async () => {
    const { hub, settings } = aHub({ accessToken: (refused) => (refused === "old" ? "new" : "old") });
    const client = createHubClient(fleetHub, settings);
    hub.onStart = (token) => (token === "old" ? refusal() : Promise.resolve());
    client.start();
    await hub.clock.advance(1);
    expect(client.state.kind).toBe("connected");
    expect(hub.lines[0]?.token).toBe("new");
  });

  test("closes when there is no better one: trying on would not help", async () => {
    const { hub, settings } = aHub();
    const client = createHubClient(fleetHub, settings);
    hub.onStart = refusal;
    client.start();
    await hub.clock.advance(120_000);
    expect(client.state).toEqual({ kind: "closed", reason: "unauthorized" });
    expect(hub.attempts).toHaveLength(1);
    hub.onStart = async () => {};
    client.start();
    await hub.clock.advance(1);
    expect(client.state.kind).toBe("connected");
  });

  test("a source that cannot be asked for want of a network is no refusal", async () => {
    const { hub, settings } = aHub({ accessToken: network });
    const client = createHubClient(fleetHub, settings);
    client.start();
    await hub.clock.advance(10_000);
    expect(client.state.kind).not.toBe("closed");
  });

  test("nobody signed in closes a hub that needs a token, and not one that does not", async () => {
    const { hub, settings } = aHub({ accessToken: () => null });
    const fleet = createHubClient(fleetHub, settings);
    const pairing = createHubClient(pairingHub, settings);
    fleet.start();
    pairing.start();
    await hub.clock.advance(1);
    expect(fleet.state).toEqual({ kind: "closed", reason: "unauthorized" });
    expect(pairing.state.kind).toBe("connected");
  });
});
