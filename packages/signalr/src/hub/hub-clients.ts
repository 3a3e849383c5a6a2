import type { Audience, HubLifetimeManager } from "../lifetime/hub-lifetime-manager.ts";
import { OutgoingMessage } from "../protocol/batch.ts";
import type { WithDates } from "../protocol/hub-message.ts";
import type { HubEvents } from "./hub-definition.ts";

export type HubTarget<E extends HubEvents = HubEvents> = {
  /** Members that have gone are no error. Rejects only if the arguments cannot be serialized. */
  send<N extends keyof E & string>(event: N, ...args: E[N]): Promise<void>;
};

export type HubTargets<E extends HubEvents = HubEvents> = HubTarget<E> & {
  except(connectionIds: Iterable<string>): HubTarget<E>;
};

/** Whom to send to. A connection that fits twice receives once. */
export type HubClients<E extends HubEvents = HubEvents> = {
  readonly all: HubTargets<E>;
  connection(connectionId: string): HubTargets<E>;
  connections(connectionIds: Iterable<string>): HubTargets<E>;
  group(name: string): HubTargets<E>;
  groups(names: Iterable<string>): HubTargets<E>;
  user(userId: string): HubTargets<E>;
  users(userIds: Iterable<string>): HubTargets<E>;
};

export type HubCallerClients<E extends HubEvents = HubEvents> = HubClients<E> & {
  readonly caller: HubTarget<E>;
  /** All but the caller. */
  readonly others: HubTarget<E>;
};

const nobody: readonly string[] = [];
const noStreams: readonly string[] = [];

type EventsWithDates = ReadonlyMap<string, WithDates<readonly unknown[]>>;

class Targets<E extends HubEvents> implements HubTargets<E> {
  readonly #manager: HubLifetimeManager;
  readonly #withDates: EventsWithDates;
  readonly #audience: Audience;

  constructor(manager: HubLifetimeManager, withDates: EventsWithDates, audience: Audience) {
    this.#manager = manager;
    this.#withDates = withDates;
    this.#audience = audience;
  }

  send<N extends keyof E & string>(event: N, ...args: E[N]): Promise<void> {
    const content = {
      type: "invocation",
      invocationId: null,
      target: event,
      arguments: args,
      streamIds: noStreams,
      withDates: this.#withDates.get(event) ?? null,
    } as const;
    return this.#manager.send(this.#audience, new OutgoingMessage(content));
  }

  except(connectionIds: Iterable<string>): HubTarget<E> {
    return new Targets<E>(this.#manager, this.#withDates, { ...this.#audience, except: new Set(connectionIds) });
  }
}

export class ManagedClients<E extends HubEvents> implements HubClients<E> {
  readonly #manager: HubLifetimeManager;
  readonly #withDates: EventsWithDates;
  readonly all: HubTargets<E>;

  constructor(manager: HubLifetimeManager, eventsWithDates: Readonly<Record<string, WithDates<readonly unknown[]>>>) {
    this.#manager = manager;
    this.#withDates = new Map(Object.entries(eventsWithDates));
    this.all = this.#targets("all", nobody);
  }

  connection(connectionId: string): HubTargets<E> {
    return this.#targets("connections", [connectionId]);
  }

  connections(connectionIds: Iterable<string>): HubTargets<E> {
    return this.#targets("connections", [...connectionIds]);
  }

  group(name: string): HubTargets<E> {
    return this.#targets("groups", [name]);
  }

  groups(names: Iterable<string>): HubTargets<E> {
    return this.#targets("groups", [...names]);
  }

  user(userId: string): HubTargets<E> {
    return this.#targets("users", [userId]);
  }

  users(userIds: Iterable<string>): HubTargets<E> {
    return this.#targets("users", [...userIds]);
  }

  #targets(kind: Audience["kind"], names: readonly string[]): HubTargets<E> {
    return new Targets<E>(this.#manager, this.#withDates, { kind, names, except: null });
  }
}

/** The hub's clients, with the caller among them. */
export class CallerClients<E extends HubEvents> implements HubCallerClients<E> {
  readonly #clients: HubClients<E>;
  readonly #connectionId: string;

  constructor(clients: HubClients<E>, connectionId: string) {
    this.#clients = clients;
    this.#connectionId = connectionId;
  }

  get caller(): HubTarget<E> {
    return this.#clients.connection(this.#connectionId);
  }

  get others(): HubTarget<E> {
    return this.#clients.all.except([this.#connectionId]);
  }

  get all(): HubTargets<E> {
    return this.#clients.all;
  }

  connection(connectionId: string): HubTargets<E> {
    return this.#clients.connection(connectionId);
  }

  connections(connectionIds: Iterable<string>): HubTargets<E> {
    return this.#clients.connections(connectionIds);
  }

  group(name: string): HubTargets<E> {
    return this.#clients.group(name);
  }

  groups(names: Iterable<string>): HubTargets<E> {
    return this.#clients.groups(names);
  }

  user(userId: string): HubTargets<E> {
    return this.#clients.user(userId);
  }

  users(userIds: Iterable<string>): HubTargets<E> {
    return this.#clients.users(userIds);
  }
}
