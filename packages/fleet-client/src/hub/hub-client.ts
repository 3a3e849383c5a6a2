import {
  type EventArgs,
  type EventName,
  type Hub,
  type MethodInput,
  type MethodName,
  type MethodReturn,
  toNamed,
  toPositional,
} from "@dsp-fleet/contract";
import { type BackoffLimits, fullJitter } from "../backoff.ts";
import { type Clock, type Random, systemClock } from "../clock.ts";
import { createListeners } from "../listeners.ts";
import { type OnOnline, onPlatformOnline } from "../platform.ts";
import type { AccessTokenSource } from "../token-source.ts";
import { HubError, isHubError, parseHubError } from "./hub-error.ts";
import type { HubState } from "./hub-state.ts";
import type { HubConnectionLike, OpenConnection } from "./open-connection.ts";
import { stockConnection } from "./stock-connection.ts";

export type HubClient<H extends Hub> = AsyncDisposable & {
  readonly state: HubState;
  onState(listener: (state: HubState) => void): () => void;
  /** Calls back after every connect, also the first: the moment to load a fresh snapshot. */
  onConnected(listener: () => void): () => void;
  on<E extends EventName<H>>(event: E, listener: (event: EventArgs<H, E>) => void): () => void;
  /** Rejects with HubError; at once with `disconnected` while there is no connection. */
  invoke<M extends MethodName<H>>(
    method: M,
    ...values: Record<never, never> extends MethodInput<H, M> ? [MethodInput<H, M>?] : [MethodInput<H, M>]
  ): Promise<MethodReturn<H, M>>;
  /** Starts to connect and never gives up, unless the server refuses the token. */
  start(): void;
  /** Drops the connection, if any, and connects again: for a caller that waits too long for an answer. */
  restart(problem: string): void;
  stop(): Promise<void>;
};

export type HubClientOptions = {
  /** Where the hub's path hangs, as for REST. */
  baseUrl?: string;
  /** The whole address, where the server told it; else baseUrl and the hub's path. */
  url?: string;
  accessToken?: AccessTokenSource;
  openConnection?: OpenConnection;
  onOnline?: OnOnline;
  clock?: Clock;
  random?: Random;
  backoff?: BackoffLimits;
  /** A connect that takes longer is given up: a socket may otherwise hang for minutes. */
  connectTimeoutMs?: number;
};

/** Back-off starts anew only after a connection that stood this long, else a server that accepts and drops is hammered. */
const stableAfterMs = 10_000;

/** Reconnects by a loop of its own: the stock one ends for good at a Close without allowReconnect, and after four attempts. */
export function createHubClient<const H extends Hub>(hub: H, options: HubClientOptions): HubClient<H> {
  const { clock = systemClock, random = Math.random, accessToken } = options;
  const { backoff = { minimumMs: 1_000, maximumMs: 30_000 }, connectTimeoutMs = 20_000 } = options;
  const { openConnection = stockConnection(), onOnline = onPlatformOnline } = options;
  const url = options.url ?? `${(options.baseUrl ?? "").replace(/\/+$/, "")}${hub.path}`;

  const states = createListeners<HubState>();
  const connects = createListeners<void>();
  const events = new Map(Object.keys(hub.events).map((name) => [name, createListeners<unknown>()]));

  let state: HubState = { kind: "closed", reason: "not-started" };
  let current: HubConnectionLike | null = null;
  /** Counts every change of mind; who was started in an earlier turn is stale and keeps silent. */
  let turn = 0;
  let cancelTimer = () => {};
  let forgetOnline = () => {};
  let failures = 0;
  let downSinceMs = 0;

  function become(next: HubState): void {
    state = next;
    states.emit(next);
  }

  async function connect(refusedToken?: string): Promise<void> {
    const mine = ++turn;
    const isStale = (): boolean => mine !== turn;
    let usedToken: string | null = null;
    let signedOut = false;
    const connection = openConnection({
      url,
      async accessToken() {
        usedToken = (await accessToken?.(refusedToken)) ?? null;
        signedOut = usedToken === null && hub.authentication === "required";
        if (signedOut) throw new HubError("unauthorized", "nobody is signed in");
        return usedToken ?? "";
      },
    });
    current = connection;
    for (const [name, listeners] of events) {
      const shape = hub.events[name]?.args ?? {};
      connection.on(name, (args) => {
        // A phone hears of every other van of its account; what nobody listens to costs nothing more here.
        if (listeners.count > 0 && !isStale()) listeners.emit(toNamed(shape, args));
      });
    }
    connection.onClose((problem) => {
      if (!isStale() && state.kind === "connected") lost(problem);
    });
    become({ kind: "connecting", sinceMs: downSinceMs });
    if (isStale()) return;
    cancelTimer = clock.after(connectTimeoutMs, () => drop("the connection could not be made in time"));
    try {
      await connection.start();
    } catch (error) {
      if (isStale()) return;
      if (signedOut || isHubError(error, "unauthorized")) await refused(usedToken, refusedToken);
      else lost(error instanceof Error ? error.message : String(error));
      return;
    }
    if (isStale()) return void connection.stop().catch(() => {});
    cancelTimer();
    become({ kind: "connected", sinceMs: clock.now() });
    if (!isStale()) connects.emit();
  }

  /** A refused token gets one more try, with whatever better one the source has. */
  async function refused(token: string | null, refusedBefore: string | undefined): Promise<void> {
    const mine = turn;
    let fresh: string | null = null;
    try {
      if (token !== null && refusedBefore === undefined) fresh = (await accessToken?.(token)) ?? null;
    } catch {
      if (mine === turn) lost("no fresh token could be had");
      return;
    }
    if (mine !== turn) return;
    if (token !== null && fresh !== null && fresh !== token) {
      cancelTimer();
      await connect(token);
    } else end({ kind: "closed", reason: "unauthorized" });
  }

  /** Waits for the next attempt, the longer the more have failed. */
  function lost(problem: string): void {
    turn += 1;
    current = null;
    cancelTimer();
    if (state.kind === "connected") {
      if (clock.now() - state.sinceMs >= stableAfterMs) failures = 0;
      downSinceMs = clock.now();
    }
    const delayMs = fullJitter(backoff, failures++, random);
    cancelTimer = clock.after(delayMs, () => void connect());
    become({ kind: "waiting", sinceMs: downSinceMs, retryAtMs: clock.now() + delayMs, problem });
  }

  function drop(problem: string): void {
    const connection = current;
    lost(problem);
    connection?.stop().catch(() => {});
  }

  function end(last: HubState): void {
    turn += 1;
    current = null;
    cancelTimer();
    forgetOnline();
    become(last);
  }

  async function stop(): Promise<void> {
    if (state.kind === "closed") return;
    const connection = current;
    end({ kind: "closed", reason: "stopped" });
    await connection?.stop().catch(() => {});
  }

  return {
    get state() {
      return state;
    },
    onState: (listener) => states.add(listener),
    onConnected: (listener) => connects.add(listener),
    on(event, listener) {
      const listeners = events.get(event);
      if (listeners === undefined) throw new TypeError(`${hub.name} has no event ${event}`);
      return listeners.add((value) => listener(value as never));
    },
    async invoke(method, ...[values]) {
      const connection = current;
      if (connection === null || state.kind !== "connected")
        throw new HubError("disconnected", "there is no connection");
      const shape = hub.methods[method]?.params ?? {};
      try {
        return (await connection.invoke(method, toPositional(shape, values ?? {}))) as never;
      } catch (error) {
        if (current !== connection) throw new HubError("disconnected", "the connection was lost", error);
        throw parseHubError(error);
      }
    },
    start() {
      if (state.kind !== "closed") return;
      failures = 0;
      downSinceMs = clock.now();
      forgetOnline = onOnline(() => {
        if (state.kind !== "waiting") return;
        cancelTimer();
        void connect();
      });
      void connect();
    },
    restart(problem) {
      if (current !== null) drop(problem);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
