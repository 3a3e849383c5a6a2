import { metersBetween, type Position } from "../locations/meters-between.ts";
import type { ZoneIndex } from "../zones/zone-index.ts";
import { crossingsOf, type Fix } from "./crossings.ts";
import type { Visit } from "./visit.ts";

/** Faster than any van: such a jump waits for what the whole track says of it. */
const fastestMps = 70;
/** A live fix has the time of its arrival; a phone may have held it back so long. */
const heldBackSeconds = 30;

/** What is known of a device on its way. */
export type DeviceTrack = {
  readonly accountId: number;
  readonly deviceId: number;
  last: Fix | null;
  /** Zone → the visit that is going on; null for none. */
  open: Map<number, Visit> | null;
  /** The last moment that changed a visit or was doubtful: what comes late from before it must be looked at in full. */
  changedAt: number;
  /** Its visits are being made anew: live fixes wait in `since`. */
  isHealing: boolean;
  /** Live fixes since it was first known that its visits must be made anew; null when they need not. */
  since: Fix[] | null;
};

export type Step =
  | { readonly kind: "nothing" }
  /** It came out of order, or from too far away: only the whole track can say. */
  | { readonly kind: "doubtful" }
  | { readonly kind: "changed"; readonly visits: readonly Visit[] };

const nothing: Step = { kind: "nothing" };
const doubtful: Step = { kind: "doubtful" };

/** Takes the next live fix of a device: a step in memory, and mostly none. */
export function step(track: DeviceTrack, index: ZoneIndex, fix: Fix): Step {
  const before = track.last;
  if (before !== null && fix.atMs <= before.atMs) return fix.atMs === before.atMs ? nothing : doubtful;
  track.last = fix;
  const crossings = crossingsOf(index, track.open, fix);
  if (crossings.length === 0) return nothing;
  track.changedAt = Math.max(track.changedAt, fix.atMs);
  if (before !== null && isJump(before, fix)) return doubtful;
  const visits: Visit[] = [];
  for (const { zoneId, kind } of crossings) {
    const visit = track.open?.get(zoneId);
    if (kind === "entered") {
      const { accountId, deviceId } = track;
      const entered = { accountId, deviceId, zoneId, enteredAt: fix.atMs, leftAt: null, addedLate: false };
      (track.open ??= new Map()).set(zoneId, entered);
      visits.push(entered);
    } else if (visit !== undefined && visit.enteredAt < fix.atMs) {
      track.open?.delete(zoneId);
      visits.push({ ...visit, leftAt: fix.atMs });
    }
  }
  if (track.open?.size === 0) track.open = null;
  return { kind: "changed", visits };
}

function isJump(before: Fix & Position, fix: Fix & Position): boolean {
  const seconds = (fix.atMs - before.atMs) / 1_000 + heldBackSeconds;
  return metersBetween(before, fix) > seconds * fastestMps;
}

/** Whether late fixes, in the order of time, say nothing that is not known: then nothing need be read. */
export function isKnown(track: DeviceTrack, index: ZoneIndex, fixes: readonly Fix[], marginMs: number): boolean {
  const [first] = fixes;
  if (first === undefined) return true;
  if (track.since !== null || first.atMs - marginMs <= track.changedAt) return false;
  return fixes.every((fix) => crossingsOf(index, track.open, fix).length === 0);
}
