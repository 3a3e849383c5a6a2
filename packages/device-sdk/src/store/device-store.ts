import type { DeviceBound, LocationSample } from "@dsp-fleet/contract";
import type { MessageStore } from "./message-store.ts";

export type StoredIdentity = { readonly deviceGuid: string; readonly bound: DeviceBound | null };

/** A fix that waits for its acknowledgement; `atMs` is its key. */
export type QueuedFix = {
  readonly atMs: number;
  readonly sample: LocationSample;
  /** The first after a gap tells where a track goes on; it is the last to be dropped. */
  readonly afterGap: boolean;
};

export type Ring = { readonly maximum: number; readonly olderThanMs: number };

/** What a phone keeps. Every promise resolves once the change would survive a crash. */
export type DeviceStore = {
  readIdentity(): Promise<StoredIdentity | null>;
  writeIdentity(identity: StoredIdentity): Promise<void>;
  /** False when a fix of that time is queued already. */
  append(fix: QueuedFix): Promise<boolean>;
  /** The oldest or the newest fixes, in the order of time. */
  read(end: "oldest" | "newest", limit: number): Promise<readonly QueuedFix[]>;
  /** How many of them were there. */
  remove(timesMs: readonly number[]): Promise<number>;
  count(): Promise<number>;
  /** Keeps to the ring: what is too old goes, then the oldest; firsts after a gap go only when nothing else is left. Answers how many went. */
  trim(ring: Ring): Promise<number>;
  readonly messages: MessageStore;
  /** Forgets identity, fixes and messages. */
  wipe(): Promise<void>;
};
