import type { OutgoingMessage } from "../protocol/batch.ts";
import type { Audience, HubLifetimeManager, MemberConnection } from "./hub-lifetime-manager.ts";
import { MultiMap } from "./multi-map.ts";

const done = Promise.resolve();

/** The lifetime manager of a single node. Everything happens before the promise is returned. */
export class InMemoryLifetimeManager<C extends MemberConnection> implements HubLifetimeManager<C> {
  readonly #connections = new Map<string, C>();
  readonly #groups = new MultiMap<C>();
  readonly #users = new MultiMap<C>();

  get count(): number {
    return this.#connections.size;
  }

  connection(connectionId: string): C | null {
    return this.#connections.get(connectionId) ?? null;
  }

  /** The members of this node. */
  *members(audience: Audience): Generator<C> {
    for (const source of this.#sources(audience)) {
      for (const connection of source) {
        if (audience.except === null || !audience.except.has(connection.connectionId)) yield connection;
      }
    }
  }

  connected(connection: C): Promise<void> {
    this.#connections.set(connection.connectionId, connection);
    if (connection.userId !== null) this.#users.add(connection.userId, connection);
    return done;
  }

  disconnected(connection: C): Promise<void> {
    this.#connections.delete(connection.connectionId);
    if (connection.userId !== null) this.#users.delete(connection.userId, connection);
    for (const group of connection.memberships ?? []) this.#groups.delete(group, connection);
    connection.memberships = null;
    return done;
  }

  addToGroup(connectionId: string, group: string): Promise<void> {
    const connection = this.#connections.get(connectionId);
    if (connection !== undefined && this.#groups.add(group, connection)) {
      // An array grown from nothing takes room for 17: most connections are in one or two groups.
      if (connection.memberships === null) connection.memberships = [group];
      else connection.memberships.push(group);
    }
    return done;
  }

  removeFromGroup(connectionId: string, group: string): Promise<void> {
    const connection = this.#connections.get(connectionId);
    if (connection !== undefined) {
      this.#groups.delete(group, connection);
      connection.memberships = connection.memberships?.filter((name) => name !== group) ?? null;
    }
    return done;
  }

  send(audience: Audience, message: OutgoingMessage): Promise<void> {
    try {
      for (const source of this.#sources(audience)) this.#enqueue(source, audience.except, message);
      return done;
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  disconnect(
    audience: Audience,
    options: { readonly error?: string; readonly allowReconnect: boolean },
  ): Promise<void> {
    for (const connection of new Set(this.members(audience))) connection.disconnect(options);
    return done;
  }

  #enqueue(connections: Iterable<C>, except: ReadonlySet<string> | null, message: OutgoingMessage): void {
    for (const connection of connections) {
      if (except === null || !except.has(connection.connectionId)) connection.enqueue(message);
    }
  }

  #sources(audience: Audience): Iterable<Iterable<C>> {
    switch (audience.kind) {
      case "all":
        return [this.#connections.values()];
      case "connections":
        return audience.names.map((id) => {
          const connection = this.#connections.get(id);
          return connection === undefined ? [] : [connection];
        });
      case "groups":
        return audience.names.map((name) => this.#groups.get(name));
      case "users":
        return audience.names.map((id) => this.#users.get(id));
    }
  }
}
