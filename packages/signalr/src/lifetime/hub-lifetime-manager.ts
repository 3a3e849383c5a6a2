import type { OutgoingMessage } from "../protocol/batch.ts";

/** Whom a message is for. A connection that fits twice receives once. */
export type Audience = {
  readonly kind: "all" | "connections" | "groups" | "users";
  /** Connection ids, group names or user ids; empty for "all". */
  readonly names: readonly string[];
  readonly except: ReadonlySet<string> | null;
};

/** A connection of this node, as a lifetime manager needs it. */
export type MemberConnection = {
  readonly connectionId: string;
  readonly userId: string | null;
  /** Groups it is in; kept by the lifetime manager, here for the sake of memory. */
  memberships: string[] | null;
  /** Never throws because the connection has gone; throws what serialization throws. A repeated message is dropped. */
  enqueue(message: OutgoingMessage): void;
  disconnect(options: { readonly error?: string; readonly allowReconnect: boolean }): void;
};

/** Knows who is connected and in which group, and carries messages there: on one node, or on many through a backplane. */
export type HubLifetimeManager<C extends MemberConnection = MemberConnection> = {
  connected(connection: C): Promise<void>;
  /** Leaves all groups. Repeating it is harmless. */
  disconnected(connection: C): Promise<void>;
  /** No-op for an unknown connection and for a repeated add. */
  addToGroup(connectionId: string, group: string): Promise<void>;
  removeFromGroup(connectionId: string, group: string): Promise<void>;
  /** Rejects only if the message cannot be serialized. */
  send(audience: Audience, message: OutgoingMessage): Promise<void>;
  disconnect(audience: Audience, options: { readonly error?: string; readonly allowReconnect: boolean }): Promise<void>;
};
