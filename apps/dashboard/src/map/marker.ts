import type { LiveDevice } from "../live/live-device.ts";
import { type Status, statusOf, statusOrder, thresholds } from "../live/status.ts";

/** How a marker looks, apart from where it is. Two that are equal are drawn alike. */
export type MarkerLook = {
  readonly name: string;
  readonly age: string;
  readonly icon: IconName;
  readonly headingDegrees: number;
  /** 0 (moving) to 3 (dark): in a cluster the worst counts. */
  readonly rank: number;
  /** 1 down to 0.5: how much a stale marker has faded. */
  readonly opacity: number;
};

export type IconName = "live" | "still" | "stale" | "stale-moving" | "dark";

/** A stale marker has faded to half after this long. */
const fadedAfterMs = 15 * 60_000;

export function markerLook(device: LiveDevice, now: number, ageText: (ms: number) => string): MarkerLook {
  const status = statusOf(device, now);
  const ageMs = device.fix === null ? 0 : Math.max(0, now - device.fix.at);
  return {
    name: device.name,
    age: ageText(ageMs),
    icon: iconOf(status, device.headingDegrees),
    headingDegrees: status === "live" || status === "stale" ? Math.round(device.headingDegrees ?? 0) : 0,
    rank: statusOrder.indexOf(status),
    opacity: status === "stale" ? fade(ageMs) : 1,
  };
}

function iconOf(status: Status, heading: number | null): IconName {
  if (status === "stale") return heading === null ? "stale" : "stale-moving";
  return status;
}

/** In steps of a tenth, so that a marker is not redrawn each second for nothing. */
function fade(ageMs: number): number {
  const share = Math.min(1, (ageMs - thresholds.staleAfterMs) / (fadedAfterMs - thresholds.staleAfterMs));
  return Math.round((1 - share * 0.5) * 10) / 10;
}
