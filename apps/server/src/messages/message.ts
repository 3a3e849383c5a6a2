import type { Message } from "@dsp-fleet/contract";
import { isoTime } from "../clock.ts";
import type { Timeline } from "./message-state.ts";

/** A message as it is kept. Times in ms since 1970, UTC. */
export type StoredMessage = Timeline & {
  /** Ascends in the order of creation; stays in the server. */
  readonly id: number;
  readonly messageId: string;
  readonly accountId: number;
  readonly deviceId: number;
  readonly body: string;
  readonly displaySeconds: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly sendCount: number;
  readonly sentBy: number | null;
};

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** The message as REST and events show it. */
export function toMessage(stored: StoredMessage): Message {
  return {
    id: stored.messageId,
    deviceId: stored.deviceId,
    body: stored.body,
    displaySeconds: stored.displaySeconds,
    state: stored.state,
    createdAt: isoTime(stored.createdAt),
    expiresAt: isoTime(stored.expiresAt),
    sentAt: isoOrNull(stored.sentAt),
    sendCount: stored.sendCount,
    receivedAt: isoOrNull(stored.receivedAt),
    seenAt: isoOrNull(stored.seenAt),
    respondedAt: isoOrNull(stored.respondedAt),
    responseText: stored.responseText,
    cancelledAt: isoOrNull(stored.cancelledAt),
    sentBy: stored.sentBy,
  };
}
