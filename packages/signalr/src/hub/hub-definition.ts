import type { WithDates } from "../protocol/hub-message.ts";
import type { ConnectRequest } from "../transports/connect-request.ts";
import type { HubCallerClients } from "./hub-clients.ts";

/** Event names and their arguments: what a hub may send to its clients. */
export type HubEvents = Record<string, readonly unknown[]>;

export type Authentication<P> =
  | {
      readonly kind: "accepted";
      readonly principal: P;
      /** Names the principal for good, whatever token it shows: a connection token works for this key only. */
      readonly principalKey: string;
      /** Addressed by `clients.user`. Without one the connection counts as anonymous and its address is held to the limits. */
      readonly userId?: string;
      /** Milliseconds since the epoch. */
      readonly expiresAt?: number;
    }
  /** 401. */
  | { readonly kind: "unauthorized" }
  /** 403. */
  | { readonly kind: "forbidden" }
  /** 503. */
  | { readonly kind: "busy"; readonly retryAfterSeconds: number };

/** The connection as hub code sees it. One object for the connection's whole life. */
export type HubCaller<P, E extends HubEvents = HubEvents> = {
  readonly connectionId: string;
  readonly principal: P;
  readonly userId: string | null;
  readonly request: ConnectRequest;
  /** Aborted when the connection ends. */
  readonly signal: AbortSignal;
  /** Whatever hub code wants to remember of the connection. */
  readonly items: Map<unknown, unknown>;
  /** Since the last byte from the client, in whole seconds. */
  readonly silentMs: number;
  /** Milliseconds since the epoch. */
  readonly authenticationExpiresAt: number | null;
  /** From now on the connection is this principal's; whether it may be another one is the hub's to decide. User id and groups stay. */
  reauthenticate(principal: P, principalKey: string, expiresAt: number | null): void;
  /** From now on silence counts, also of a client that has never pinged: official clients ping every 15 s. */
  expectPings(): void;
  /** Closes the connection and asks the client not to come back. */
  abort(): void;
  disconnect(options: DisconnectOptions): void;
  readonly clients: HubCallerClients<E>;
  readonly groups: HubGroups;
};

export type DisconnectOptions = { readonly error?: string; readonly allowReconnect: boolean };

/** Unknown connections are no error: they may just have left. */
export type HubGroups = {
  add(connectionId: string, group: string): Promise<void>;
  remove(connectionId: string, group: string): Promise<void>;
};

/** In this order: authorize, count of arguments, bind, filters, invoke. */
export type HubMethod<P, E extends HubEvents = HubEvents, A extends readonly unknown[] = readonly unknown[]> = {
  readonly minArguments: number;
  readonly maxArguments: number;
  bind?(args: readonly unknown[]): A;
  authorize?(caller: HubCaller<P, E>): boolean;
  /** For results with times: how MessagePack gets them. Not asked for JSON. */
  readonly resultWithDates?: WithDates<unknown>;
  invoke(caller: HubCaller<P, E>, args: A): unknown;
};

export type HubInvocation<P, E extends HubEvents = HubEvents> = {
  readonly caller: HubCaller<P, E>;
  /** As declared, not as the client spelled it. */
  readonly method: string;
  readonly args: readonly unknown[];
};

/** Stands around calls; the first filter is the outermost. */
export type HubFilter<P, E extends HubEvents = HubEvents> = {
  invokeMethod?(invocation: HubInvocation<P, E>, next: () => Promise<unknown>): unknown;
  onConnected?(caller: HubCaller<P, E>, next: () => Promise<void>): void | Promise<void>;
  onDisconnected?(caller: HubCaller<P, E>, error: Error | null, next: () => Promise<void>): void | Promise<void>;
};

export type HubDefinition<P, E extends HubEvents = HubEvents> = {
  /** Asked at negotiate, at connect, and again for each request that comes after it. */
  authenticate(request: ConnectRequest): Authentication<P> | Promise<Authentication<P>>;
  readonly methods: Readonly<Record<string, HubMethod<P, E>>>;
  /** A failure closes the connection without reconnect, and `onDisconnected` is not called. */
  onConnected?(caller: HubCaller<P, E>): void | Promise<void>;
  /** Exactly once after a successful `onConnected`. Null: a plain close; see ConnectionError for the rest. */
  onDisconnected?(caller: HubCaller<P, E>, error: Error | null): void | Promise<void>;
  readonly filters?: readonly HubFilter<P, E>[];
  /** For events with times: how MessagePack gets their arguments. Not asked for JSON. */
  readonly eventsWithDates?: Readonly<Record<string, WithDates<readonly unknown[]>>>;
};
