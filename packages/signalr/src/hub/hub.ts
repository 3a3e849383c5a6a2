import type { Clock } from "../clock.ts";
import type { Flusher } from "../connection/flusher.ts";
import { HubConnection } from "../connection/hub-connection.ts";
import type { HubConnectionHost } from "../connection/hub-connection-host.ts";
import { InMemoryLifetimeManager } from "../lifetime/in-memory-lifetime-manager.ts";
import type { Logger } from "../logger.ts";
import { OutgoingMessage } from "../protocol/batch.ts";
import type { InvocationMessage, StreamInvocationMessage } from "../protocol/hub-message.ts";
import type { HubProtocol } from "../protocol/hub-protocol.ts";
import type { ConnectRequest } from "../transports/connect-request.ts";
import { ConnectionError } from "../transports/connection-error.ts";
import type { Admission, MountedHub } from "./admission.ts";
import { type CallerContext, ConnectionCaller } from "./caller.ts";
import { Dispatcher, type InvocationAnswer } from "./dispatcher.ts";
import { type FilterChain, filterChain } from "./filter-chain.ts";
import { ManagedClients } from "./hub-clients.ts";
import type { Authentication, HubCaller, HubDefinition, HubEvents, HubGroups } from "./hub-definition.ts";
import { type ConnectionStatus, HubCounters, type HubMetrics } from "./hub-metrics.ts";
import type { HubSettings } from "./hub-options.ts";
import { hubConnections, type MappedHub } from "./mapped-hub.ts";

export type HubServices = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly flusher: Flusher;
  readonly protocols: readonly HubProtocol[];
  /** A connection's transport has gone. */
  readonly released: (connection: { readonly connectionToken: string }) => void;
  /** Work that a graceful stop waits for. */
  readonly track: (work: Promise<void>) => void;
};

/** A hub at work: the definition, its connections, and what stands between them. */
export class Hub<P, E extends HubEvents> implements HubConnectionHost<P>, MountedHub {
  readonly path: string;
  readonly settings: HubSettings;
  readonly traffic = new HubCounters();
  readonly #definition: HubDefinition<P, E>;
  readonly #services: HubServices;
  readonly #manager = new InMemoryLifetimeManager<HubConnection<P>>();
  readonly #clients: ManagedClients<E>;
  readonly #filters: FilterChain<P, E>;
  readonly #dispatcher: Dispatcher<P, E>;
  readonly #groups: HubGroups = {
    add: (connectionId, group) => this.#manager.addToGroup(connectionId, group),
    remove: (connectionId, group) => this.#manager.removeFromGroup(connectionId, group),
  };
  readonly #context: CallerContext<E>;
  #isStopping = false;

  constructor(path: string, definition: HubDefinition<P, E>, settings: HubSettings, services: HubServices) {
    this.path = path;
    this.settings = settings;
    this.#definition = definition;
    this.#services = services;
    this.#clients = new ManagedClients<E>(this.#manager, definition.eventsWithDates ?? {});
    this.#context = { clients: this.#clients, groups: this.#groups };
    this.#filters = filterChain(definition);
    this.#dispatcher = new Dispatcher(definition, this.#filters, settings.detailedErrors);
  }

  get protocols(): readonly HubProtocol[] {
    return this.#services.protocols;
  }

  get flusher(): Flusher {
    return this.#services.flusher;
  }

  get clock(): Clock {
    return this.#services.clock;
  }

  mapped(): MappedHub<P, E> {
    return {
      path: this.path,
      clients: this.#clients,
      groups: this.#groups,
      connections: hubConnections<P, E>(this.#manager, (connection) => this.#callerOf(connection)),
    };
  }

  async admit(request: ConnectRequest): Promise<Admission> {
    const authentication = await this.#definition.authenticate(request);
    switch (authentication.kind) {
      case "accepted":
        return this.#accept(authentication);
      case "unauthorized":
        return { kind: "refused", status: 401, headers: {} };
      case "forbidden":
        return { kind: "refused", status: 403, headers: {} };
      case "busy": {
        const seconds = Math.max(0, Math.ceil(authentication.retryAfterSeconds));
        return { kind: "refused", status: 503, headers: { "Retry-After": String(seconds) } };
      }
    }
  }

  negotiated(): void {
    this.traffic.negotiations++;
  }

  metrics(): HubMetrics {
    return this.traffic.read(this.path);
  }

  stopping(): void {
    this.#isStopping = true;
  }

  opened(connection: HubConnection<P>): Promise<void> {
    const opening = this.#open(connection);
    this.#services.track(opening.catch(() => {}));
    return opening;
  }

  async #open(connection: HubConnection<P>): Promise<void> {
    this.traffic.active[connection.transport]++;
    await this.#manager.connected(connection);
    try {
      await this.#filters.connected(this.#callerOf(connection));
    } catch (error) {
      this.#services.logger.error({ hub: this.path, err: error }, "onConnected failed");
      throw error;
    }
  }

  left(connection: HubConnection<P>, error: Error | null): void {
    void this.#manager.disconnected(connection);
    if (connection.wasOpened) {
      this.traffic.active[connection.transport]--;
      this.traffic.ended(this.#status(error), this.clock.now() - connection.startedAt);
    } else {
      this.traffic.refusedHandshakes++;
    }
    this.#services.logger.debug(
      { hub: this.path, connectionId: connection.connectionId, err: error },
      "connection ended",
    );
  }

  disconnected(connection: HubConnection<P>, error: Error | null): void {
    const work = this.#filters.disconnected(this.#callerOf(connection), error).catch((failure: unknown) => {
      this.#services.logger.error({ hub: this.path, err: failure }, "onDisconnected failed");
    });
    this.#services.track(work);
  }

  released(connection: HubConnection<P>): void {
    this.#services.released(connection);
  }

  invoke(connection: HubConnection<P>, message: InvocationMessage): Promise<void> | null {
    const startedAt = this.clock.now();
    const answer = this.#dispatcher.invoke(this.#callerOf(connection), message);
    if (answer instanceof Promise) {
      return answer.then((later) => this.#answer(connection, message, later, startedAt));
    }
    this.#answer(connection, message, answer, startedAt);
    return null;
  }

  #answer(connection: HubConnection<P>, message: InvocationMessage, answer: InvocationAnswer, startedAt: number): void {
    this.#record(answer, this.clock.now() - startedAt);
    if (message.invocationId === null) return;
    try {
      this.#complete(connection, message.invocationId, answer.completion);
    } catch (error) {
      this.#services.logger.error({ hub: this.path, method: answer.method, err: error }, "result cannot be serialized");
      const text = this.#dispatcher.unserializable(message, error);
      this.#complete(connection, message.invocationId, { kind: "error", error: text });
    }
  }

  invokeStream(connection: HubConnection<P>, message: StreamInvocationMessage): void {
    const answer = this.#dispatcher.invokeStream(message);
    this.#record(answer, 0);
    this.#complete(connection, message.invocationId, answer.completion);
  }

  #accept(authentication: Extract<Authentication<P>, { kind: "accepted" }>): Admission {
    const { principal, principalKey, userId = null, expiresAt = null } = authentication;
    const identity = { principal, principalKey, userId, expiresAt };
    return {
      kind: "accepted",
      principalKey,
      isAnonymous: userId === null,
      connect: (connection, ids, request, settled) =>
        new HubConnection<P>(this, connection, ids, identity, request, settled),
      renew: (connection) => {
        if (connection instanceof HubConnection) connection.renew(principal, principalKey, expiresAt);
      },
    };
  }

  #complete(connection: HubConnection<P>, invocationId: string, outcome: InvocationAnswer["completion"]): void {
    connection.enqueue(new OutgoingMessage({ type: "completion", invocationId, outcome }));
  }

  #record(answer: InvocationAnswer, durationMs: number): void {
    this.traffic.invoked(answer.method ?? "unknown", answer.outcome, durationMs);
    if (answer.outcome !== "failed") return;
    this.#services.logger.error({ hub: this.path, method: answer.method, err: answer.cause }, "hub method failed");
  }

  #callerOf(connection: HubConnection<P>): HubCaller<P, E> {
    connection.caller ??= new ConnectionCaller<P, E>(connection, this.#context);
    return connection.caller as HubCaller<P, E>;
  }

  #status(error: Error | null): ConnectionStatus {
    if (error === null) return this.#isStopping ? "app_shutdown" : "normal_closure";
    return error instanceof ConnectionError && error.code === "client-timeout" ? "timeout" : "error";
  }
}
