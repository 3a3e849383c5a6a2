import type { Authentication, HubCaller, HubDefinition, HubMethod } from "../hub/hub-definition.ts";
import { HubBindingException, HubException, HubUnauthorizedException } from "../hub/hub-exceptions.ts";
import type { HubOptions } from "../hub/hub-options.ts";
import { connectTestClient, type TestClient, type TestClientOptions } from "../testing/test-client.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import type { TransportName } from "../transports/connection.ts";
import { createSignalR, type SignalROptions } from "./create-signalr.ts";
import { serveLocally } from "./serve.ts";

export type User = { readonly name: string };
export type Events = { Told: readonly [string]; Counted: readonly [number] };
type Caller = HubCaller<User, Events>;
type Method = HubMethod<User, Events>;

const plain = (invoke: (caller: Caller, args: readonly unknown[]) => unknown, count = 0): Method => ({
  minArguments: count,
  maxArguments: count,
  invoke,
});

/** Something that a test lets through when it likes. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

/** A hub for tests; tokens are user names, no token is anonymous. */
export function hubDefinition(log: HubLog): HubDefinition<User, Events> {
  return {
    authenticate: ({ accessToken }): Authentication<User> => {
      if (accessToken === "bad") return { kind: "unauthorized" };
      if (accessToken === "forbidden") return { kind: "forbidden" };
      if (accessToken === "busy") return { kind: "busy", retryAfterSeconds: 7 };
      if (accessToken === "broken") throw new Error("secret detail");
      if (accessToken === null) return { kind: "accepted", principal: { name: "nobody" }, principalKey: "anonymous" };
      return {
        kind: "accepted",
        principal: { name: accessToken },
        principalKey: `user:${accessToken}`,
        userId: accessToken,
        ...(log.expiresAt === null ? {} : { expiresAt: log.expiresAt }),
      };
    },
    methods: {
      Echo: plain((_caller, [value]) => value, 1),
      Nothing: plain(() => {}),
      Wait: plain(async (_caller, [value]) => {
        log.started.push(value);
        await log.gate.passed;
        return value;
      }, 1),
      Throws: plain(() => {
        throw new TypeError("inner detail");
      }),
      Refuses: plain(() => {
        throw new HubException("Not today.");
      }),
      Denies: plain(() => {
        throw new HubUnauthorizedException("reason");
      }),
      AdminsOnly: { ...plain(() => "in"), authorize: (caller) => caller.principal.name === "admin" },
      Unserializable: plain(() => 2n ** 64n),
      OneOrTwo: { minArguments: 1, maxArguments: 2, invoke: (_caller, args) => args.length },
      Bound: {
        minArguments: 1,
        maxArguments: 1,
        bind: ([value]) => {
          if (value === "reason") throw new HubBindingException("lat: out of range");
          if (typeof value !== "number") throw new TypeError("not a number");
          return [value * 2];
        },
        invoke: (_caller, args) => args[0],
      },
      Join: plain((caller, [group]) => caller.groups.add(caller.connectionId, String(group)), 1),
      Tell: plain((caller, [group, text]) => caller.clients.group(String(group)).send("Told", String(text)), 2),
      TellMany: plain(async (caller, [count]) => {
        for (let index = 0; index < Number(count); index++) await caller.clients.caller.send("Counted", index);
      }, 1),
      Abort: plain((caller) => caller.abort()),
      ExpectPings: plain((caller) => caller.expectPings()),
      Renew: plain((caller, [name, expiresAt]) => {
        caller.reauthenticate({ name: String(name) }, `user:${String(name)}`, Number(expiresAt));
      }, 2),
      Who: plain((caller) => ({
        principal: caller.principal.name,
        userId: caller.userId,
        app: caller.request.query("APP"),
        token: caller.request.accessToken,
      })),
    },
    onConnected: async (caller) => {
      log.connected.push(caller.connectionId);
      await log.connecting?.(caller);
    },
    onDisconnected: async (caller, error) => {
      await log.disconnecting?.();
      log.disconnected.push({ connectionId: caller.connectionId, error });
      log.told();
    },
  };
}

/** What the hub saw, and what a test sets before. */
export type HubLog = {
  readonly connected: string[];
  readonly disconnected: { readonly connectionId: string; readonly error: Error | null }[];
  readonly started: unknown[];
  readonly gate: ReturnType<typeof gate>;
  connecting: ((caller: Caller) => Promise<void>) | null;
  disconnecting: (() => Promise<void>) | null;
  expiresAt: number | null;
  told(): void;
};

/** The test hub for clients of one transport. Virtual seconds run ahead of polls, so only a test of that minds their pauses. */
export function startHubOver(transport: TransportName, hubOptions: HubOptions = {}, options: SignalROptions = {}) {
  return startHub({ disconnectTimeoutMs: 3_600_000, ...hubOptions }, options, transport);
}

/** Serves the test hub at /hubs/test under a virtual clock, on real sockets. */
export async function startHub(
  hubOptions: HubOptions = {},
  options: SignalROptions = {},
  transport: TransportName = "WebSockets",
) {
  const clock = createVirtualClock();
  const tellings: (() => void)[] = [];
  const log: HubLog = {
    connected: [],
    disconnected: [],
    started: [],
    gate: gate(),
    connecting: null,
    disconnecting: null,
    expiresAt: null,
    told: () => tellings.shift()?.(),
  };
  const signalr = createSignalR({ clock, ...options });
  const hub = signalr.mapHub("/hubs/test", hubDefinition(log), hubOptions);
  const server = await serveLocally(signalr);
  const clients: TestClient[] = [];
  return {
    signalr,
    hub,
    clock,
    log,
    server,
    url: `${server.url}/hubs/test`,
    /** Seconds of the virtual clock, each with time for sockets. */
    seconds: async (count: number) => {
      for (let second = 0; second < count; second++) {
        clock.advance(1000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    connect: async (clientOptions: TestClientOptions = {}) => {
      const client = await connectTestClient(`${server.url}/hubs/test`, { transport, ...clientOptions });
      clients.push(client);
      return client;
    },
    negotiate: async (query = "?negotiateVersion=1", init: RequestInit = {}) =>
      fetch(`${server.url}/hubs/test/negotiate${query}`, { method: "POST", ...init }),
    /** Resolves at the next `onDisconnected`, at once if there was one already. */
    disconnection: () =>
      log.disconnected.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => tellings.push(resolve)),
    [Symbol.asyncDispose]: async () => {
      log.gate.open();
      for (const client of clients) client[Symbol.dispose]();
      const stopped = server[Symbol.asyncDispose]();
      // Whoever does not answer the goodbye is not waited for.
      for (let second = 0; second < 20 && signalr.metrics().openTransports > 0; second++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        clock.advance(1000);
      }
      await stopped;
    },
  };
}
