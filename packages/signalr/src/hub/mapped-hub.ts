import type { HubConnection } from "../connection/hub-connection.ts";
import type { InMemoryLifetimeManager } from "../lifetime/in-memory-lifetime-manager.ts";
import type { HubClients } from "./hub-clients.ts";
import type { DisconnectOptions, HubCaller, HubEvents, HubGroups } from "./hub-definition.ts";

/** The server's side of a hub: reach its clients from anywhere. */
export type MappedHub<P, E extends HubEvents = HubEvents> = {
  readonly path: string;
  readonly clients: HubClients<E>;
  readonly groups: HubGroups;
  readonly connections: HubConnections<P, E>;
};

/** The connections of this node, from before `onConnected` until before `onDisconnected`. */
export type HubConnections<P, E extends HubEvents = HubEvents> = {
  readonly count: number;
  get(connectionId: string): HubCaller<P, E> | null;
  all(): Iterable<HubCaller<P, E>>;
  /** Connection ids of a group's members. */
  ids(group: string): string[];
  userIds(userId: string): string[];
  disconnect(connectionId: string, options: DisconnectOptions): Promise<void>;
  disconnectGroup(name: string, options: DisconnectOptions): Promise<void>;
  disconnectUser(userId: string, options: DisconnectOptions): Promise<void>;
  disconnectAll(options: DisconnectOptions): Promise<void>;
};

export function hubConnections<P, E extends HubEvents>(
  manager: InMemoryLifetimeManager<HubConnection<P>>,
  callerOf: (connection: HubConnection<P>) => HubCaller<P, E>,
): HubConnections<P, E> {
  const ids = (kind: "groups" | "users", name: string) =>
    [...manager.members({ kind, names: [name], except: null })].map((connection) => connection.connectionId);
  return {
    get count() {
      return manager.count;
    },
    get: (connectionId) => {
      const connection = manager.connection(connectionId);
      return connection === null ? null : callerOf(connection);
    },
    all: () => manager.members({ kind: "all", names: [], except: null }).map(callerOf),
    ids: (group) => ids("groups", group),
    userIds: (userId) => ids("users", userId),
    disconnect: (connectionId, options) =>
      manager.disconnect({ kind: "connections", names: [connectionId], except: null }, options),
    disconnectGroup: (name, options) => manager.disconnect({ kind: "groups", names: [name], except: null }, options),
    disconnectUser: (userId, options) => manager.disconnect({ kind: "users", names: [userId], except: null }, options),
    disconnectAll: (options) => manager.disconnect({ kind: "all", names: [], except: null }, options),
  };
}
