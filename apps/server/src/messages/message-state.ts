import type { MessageState } from "@dsp-fleet/contract";

/*
 *   queued ──▶ sent ──▶ received ──▶ seen ──▶ responded
 *      └────────┴──▶ cancelled, expired
 *
 * A state is never left for one further left, and the two ends are never left at all. Acknowledgements may come in any
 * order and any number of times: each brings all that it implies, the first time stamp and the first reply stay. One that
 * comes after an end is kept in the timeline, for it is true; the state stays, for it says what the sender decided.
 */

/** What has happened to a message. Times in ms since 1970, UTC. */
export type Timeline = {
  readonly state: MessageState;
  readonly sentAt: number | null;
  readonly receivedAt: number | null;
  readonly seenAt: number | null;
  readonly respondedAt: number | null;
  readonly responseText: string | null;
  readonly cancelledAt: number | null;
};

export type Acknowledgement =
  | { readonly kind: "received" }
  | { readonly kind: "seen" }
  | { readonly kind: "responded"; readonly responseText: string };

export const newTimeline: Timeline = {
  state: "queued",
  sentAt: null,
  receivedAt: null,
  seenAt: null,
  respondedAt: null,
  responseText: null,
  cancelledAt: null,
};

/** Is still to be delivered. */
export const isPending = (state: MessageState): boolean => state === "queued" || state === "sent";

/** The phone said so; it also sent what it answers, so a reply implies seen, seen implies received, received implies sent. */
export function acknowledged<T extends Timeline>(before: T, acknowledgement: Acknowledgement, at: number): T {
  const isSeen = acknowledgement.kind !== "received";
  const isResponded = acknowledgement.kind === "responded" && before.respondedAt === null;
  const timeline = {
    ...before,
    sentAt: before.sentAt ?? at,
    receivedAt: before.receivedAt ?? at,
    seenAt: before.seenAt ?? (isSeen ? at : null),
    respondedAt: before.respondedAt ?? (isResponded ? at : null),
    responseText: isResponded ? acknowledgement.responseText : before.responseText,
  };
  return { ...timeline, state: stateOf(timeline) };
}

/** What the phone has cannot be taken back, so only a pending message is cancelled. */
export function cancelled<T extends Timeline>(before: T, at: number): T {
  return isPending(before.state) ? { ...before, cancelledAt: at, state: "cancelled" } : before;
}

export function expired<T extends Timeline>(before: T): T {
  return isPending(before.state) ? { ...before, state: "expired" } : before;
}

function stateOf(timeline: Timeline): MessageState {
  if (timeline.state === "cancelled" || timeline.state === "expired") return timeline.state;
  if (timeline.respondedAt !== null) return "responded";
  return timeline.seenAt === null ? "received" : "seen";
}

/** Which steps this change brought. */
export const newSteps = (before: Timeline, after: Timeline) => ({
  received: before.receivedAt === null && after.receivedAt !== null,
  seen: before.seenAt === null && after.seenAt !== null,
  responded: before.respondedAt === null && after.respondedAt !== null,
});
