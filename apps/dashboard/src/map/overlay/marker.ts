import type { LiveDevice } from "../../live/live-device.ts";
import { type Status, statusOf, thresholds } from "../../live/status.ts";

/** How a marker looks, apart from where it is. Two that are equal are drawn alike. */
export type MarkerLook = {
  readonly name: string;
  /** When the shown position was taken: its age stands beside the name. */
  readonly fixAt: number;
  readonly icon: IconName;
  readonly headingDegrees: number;
  /** 0 (moving) to 3 (dark): in a cluster the worst counts. */
  readonly rank: number;
  /** 1 down to 0.5: how much a stale marker has faded. */
  readonly opacity: number;
};

export type IconName = "seen" | "live" | "still" | "stale" | "stale-moving" | "dark";

/** A van on the map. One object for as long as the van has a position: frames change it and make nothing new. */
export type VanMarker = {
  readonly id: number;
  look: MarkerLook;
  /** Where it is shown, as a share of the Mercator world. */
  x: number;
  y: number;
  /** Its way to the newest fix, from `startedAt` on; meaningless while it rests. */
  isMoving: boolean;
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  startedAt: number;
  /** Where that is on the screen, in CSS pixels: of the last picture that it was in. */
  left: number;
  top: number;
  isFolded: boolean;
  /** Whether there was room for its name, and what is written there. */
  isNamed: boolean;
  age: string;
};

export const vanMarker = (id: number, look: MarkerLook, x: number, y: number): VanMarker => ({
  id,
  look,
  x,
  y,
  isMoving: false,
  fromX: x,
  fromY: y,
  toX: x,
  toY: y,
  startedAt: 0,
  left: 0,
  top: 0,
  isFolded: false,
  isNamed: false,
  age: "",
});

/** A chevron turns and needs more room around it than a dot. */
export const isChevron = ({ icon }: MarkerLook): boolean => icon === "live" || icon === "stale-moving";

const ranks: Readonly<Record<Status, number>> = { live: 0, seen: 1, still: 1, stale: 2, dark: 3 };

/** A stale marker has faded to half after this long. */
const fadedAfterMs = 15 * 60_000;

export function markerLook(device: LiveDevice, now: number): MarkerLook {
  const status = statusOf(device, now);
  const fixAt = device.fix?.at ?? now;
  return {
    name: device.name,
    fixAt,
    icon: iconOf(status, device.headingDegrees),
    headingDegrees: status === "live" || status === "stale" ? Math.round(device.headingDegrees ?? 0) : 0,
    rank: ranks[status],
    opacity: status === "stale" ? fade(now - fixAt) : 1,
  };
}

function iconOf(status: Status, heading: number | null): IconName {
  if (status === "stale") return heading === null ? "stale" : "stale-moving";
  return status;
}

/** In steps of a tenth, so that a marker is not redrawn each second for nothing. */
function fade(ageMs: number): number {
  const share = Math.min(1, Math.max(0, (ageMs - thresholds.staleAfterMs) / (fadedAfterMs - thresholds.staleAfterMs)));
  return Math.round((1 - share * 0.5) * 10) / 10;
}
