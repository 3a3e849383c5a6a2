import type { HubConnection } from "../connection/hub-connection.ts";
import type { ConnectRequest } from "../transports/connect-request.ts";
import { CallerClients, type HubCallerClients, type HubClients } from "./hub-clients.ts";
import type { DisconnectOptions, HubCaller, HubEvents, HubGroups } from "./hub-definition.ts";

export type CallerContext<E extends HubEvents> = { readonly clients: HubClients<E>; readonly groups: HubGroups };

/** The face of a hub connection towards hub code. */
export class ConnectionCaller<P, E extends HubEvents> implements HubCaller<P, E> {
  readonly #connection: HubConnection<P>;
  readonly #context: CallerContext<E>;

  constructor(connection: HubConnection<P>, context: CallerContext<E>) {
    this.#connection = connection;
    this.#context = context;
  }

  get connectionId(): string {
    return this.#connection.connectionId;
  }

  get principal(): P {
    return this.#connection.identity.principal;
  }

  get userId(): string | null {
    return this.#connection.userId;
  }

  get request(): ConnectRequest {
    return this.#connection.request;
  }

  get signal(): AbortSignal {
    return this.#connection.signal;
  }

  get items(): Map<unknown, unknown> {
    return this.#connection.items;
  }

  get silentMs(): number {
    return this.#connection.silentMs;
  }

  get authenticationExpiresAt(): number | null {
    return this.#connection.identity.expiresAt;
  }

  get clients(): HubCallerClients<E> {
    return new CallerClients(this.#context.clients, this.#connection.connectionId);
  }

  get groups(): HubGroups {
    return this.#context.groups;
  }

  reauthenticate(principal: P, principalKey: string, expiresAt: number | null): void {
    this.#connection.reauthenticate(principal, principalKey, expiresAt);
  }

  expectPings(): void {
    this.#connection.expectPings();
  }

  abort(): void {
    this.#connection.disconnect({ allowReconnect: false });
  }

  disconnect(options: DisconnectOptions): void {
    this.#connection.disconnect(options);
  }
}
