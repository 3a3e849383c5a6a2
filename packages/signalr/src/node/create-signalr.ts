import { randomBytes as systemRandomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Clock, systemClock } from "../clock.ts";
import { Flusher } from "../connection/flusher.ts";
import type { MountedHub } from "../hub/admission.ts";
import { Hub, type HubServices } from "../hub/hub.ts";
import type { HubDefinition, HubEvents } from "../hub/hub-definition.ts";
import type { HubMetrics } from "../hub/hub-metrics.ts";
import { type HubOptions, hubSettings } from "../hub/hub-options.ts";
import type { MappedHub } from "../hub/mapped-hub.ts";
import { type Logger, silentLogger } from "../logger.ts";
import { JsonHubProtocol } from "../protocol/json/json-hub-protocol.ts";
import { MessagePackHubProtocol } from "../protocol/messagepack/messagepack-hub-protocol.ts";
import { parseConnectRequest, type RequestFacts } from "../transports/connect-request.ts";
import type { Connection } from "../transports/connection.ts";
import { AddressCount, type ConnectionLimits, connectionLimits } from "../transports/limits.ts";
import { NegotiationTable } from "../transports/negotiation-table.ts";
import { originSet } from "../transports/origin.ts";
import { acceptTransport } from "./accept-transport.ts";
import { answerRequest } from "./http-endpoint.ts";
import { findRoute, normalizedPath } from "./hub-route.ts";
import { sendRawReply, sendReply } from "./reply.ts";
import type { ServerContext } from "./server-context.ts";
import { stopGracefully } from "./stop.ts";
import { upgrade } from "./upgrade-endpoint.ts";

export type SignalROptions = {
  clock?: Clock;
  randomBytes?: (size: number) => Uint8Array;
  logger?: Logger;
  /** Origins of other hosts whose pages may use the hubs, as browsers write them: `https://app.example`. */
  allowedOrigins?: readonly string[];
  limits?: ConnectionLimits;
  /** How many proxies in front are believed about the client's address. Default 0. */
  trustedProxies?: number;
  /** Runs a callback at the end of the event loop's turn. Default setImmediate. */
  defer?: (callback: () => void) => void;
};

export type SignalR = AsyncDisposable & {
  mapHub<P, E extends HubEvents>(path: string, definition: HubDefinition<P, E>, options?: HubOptions): MappedHub<P, E>;
  /** False when the path is no hub's; then nothing was done. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** False when the path is no hub's; then nothing was done. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** As an upgrade, on a transport of one's own that is open already. Answers 101, or the status that refuses it. */
  accept(transport: Connection, request: RequestFacts): Promise<number>;
  /** Refuses newcomers, lets clients go with reconnect, waits for running calls. Default 5 s; repeating it joins the first. */
  stop(options?: { timeoutMs?: number }): Promise<void>;
  metrics(): SignalRMetrics;
};

export type SignalRMetrics = {
  readonly hubs: readonly HubMetrics[];
  /** Transports not yet gone, all hubs. */
  readonly openTransports: number;
  readonly waitingNegotiations: number;
};

const tickMs = 1000;

/** A SignalR server without a listener: give it the requests and upgrades of a node:http server. */
export function createSignalR(options: SignalROptions = {}): SignalR {
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const randomBytes = options.randomBytes ?? systemRandomBytes;
  const limits = connectionLimits(options.limits ?? {});
  const newId = () => Buffer.from(randomBytes(16)).toString("base64url");
  const work = new Set<Promise<void>>();
  let isStopping = false;
  let stopped: Promise<void> | null = null;
  let gone: (() => void) | null = null;

  const context: ServerContext = {
    clock,
    logger,
    allowedOrigins: originSet(options.allowedOrigins ?? []),
    trustedProxies: options.trustedProxies ?? 0,
    hubs: new Map<string, MountedHub>(),
    negotiations: new NegotiationTable(limits),
    halfOpen: new AddressCount(limits.halfOpenPerAddress),
    connections: new Map(),
    newIds: () => ({ connectionId: newId(), connectionToken: newId() }),
    isStopping: () => isStopping,
  };

  const services: HubServices = {
    clock,
    logger,
    flusher: new Flusher(options.defer ?? ((callback) => void setImmediate(callback))),
    protocols: [new JsonHubProtocol(), new MessagePackHubProtocol()],
    released: ({ connectionToken }) => {
      context.connections.delete(connectionToken);
      if (context.connections.size === 0) gone?.();
    },
    track: (promise) => {
      work.add(promise);
      void promise.finally(() => work.delete(promise));
    },
  };

  const ticking = clock.setInterval(() => {
    const now = clock.now();
    context.negotiations.expire(now);
    for (const { connection } of context.connections.values()) connection.tick(now);
  }, tickMs);

  async function stop(timeoutMs: number): Promise<void> {
    isStopping = true;
    for (const hub of context.hubs.values()) hub.stopping();
    await stopGracefully({
      clock,
      timeoutMs,
      connections: () => [...context.connections.values()].map(({ connection }) => connection),
      allGone: () =>
        new Promise((resolve) => {
          gone = resolve;
          if (context.connections.size === 0) resolve();
        }),
      allTold: async () => {
        while (work.size > 0) await Promise.all(work);
      },
    });
    clock.clearInterval(ticking);
  }

  const signalr: SignalR = {
    mapHub: (path, definition, hubOptions = {}) => {
      const hub = new Hub(path, definition, hubSettings(hubOptions), services);
      const key = normalizedPath(path);
      if (context.hubs.has(key)) throw new Error(`A hub is mapped to '${key}' already.`);
      context.hubs.set(key, hub);
      return hub.mapped();
    },
    handleRequest: (request, response) => {
      const route = findRoute(context.hubs, request.url ?? "/");
      if (route === null) return false;
      // Of a client that is gone: whoever needs to know hears of "close".
      response.on("error", () => {});
      answerRequest(context, route, request, response).then(
        (reply) => {
          if (reply !== null) sendReply(response, reply);
          return reply;
        },
        (error: unknown) => {
          logger.error({ hub: route.hub.path, err: error }, "request failed");
          sendReply(response, { status: 500 });
        },
      );
      return true;
    },
    handleUpgrade: (request, socket, head) => {
      const route = findRoute(context.hubs, request.url ?? "/");
      if (route === null) return false;
      if (route.action === "negotiate") sendRawReply(socket, { status: 400 });
      else {
        upgrade(context, route.hub, request, socket, head).catch((error: unknown) => {
          logger.error({ hub: route.hub.path, err: error }, "upgrade failed");
          socket.destroy();
        });
      }
      return true;
    },
    accept: async (transport, facts) => {
      const route = findRoute(context.hubs, facts.url);
      if (route?.action !== "connect") return 404;
      return acceptTransport(context, route.hub, parseConnectRequest(facts), transport);
    },
    stop: ({ timeoutMs = 5000 } = {}) => {
      if (stopped === null && !isStopping) stopped = stop(timeoutMs);
      return stopped ?? Promise.resolve();
    },
    metrics: () => ({
      hubs: [...context.hubs.values()].map((hub) => hub.metrics()),
      openTransports: context.connections.size,
      waitingNegotiations: context.negotiations.size,
    }),
    [Symbol.asyncDispose]: () => signalr.stop(),
  };
  return signalr;
}
