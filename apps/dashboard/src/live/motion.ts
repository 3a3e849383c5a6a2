import { bearingDegrees, distanceMeters } from "./geo.ts";
import type { Fix, LiveDevice } from "./live-device.ts";
import { thresholds } from "./status.ts";

export type Motion = Pick<LiveDevice, "anchor" | "movedAt" | "headingDegrees" | "speedMps">;

/** Longer between two fixes, and the mean says nothing about the speed now. */
const longestForSpeedMs = 60_000;
/** 250 km/h: a van is not faster, the fix is a jump. */
const fastestMps = 70;

/** What a newer fix says about the movement. The wire carries no heading: it follows from where the van was before. */
export function moved(before: Motion, fix: Fix): Motion {
  if (before.anchor === null) return { ...before, anchor: fix };
  const meters = distanceMeters(before.anchor, fix);
  if (meters <= thresholds.movedMeters) return before;
  const elapsedMs = fix.at - before.anchor.at;
  const speed = elapsedMs > 0 && elapsedMs <= longestForSpeedMs ? meters / (elapsedMs / 1000) : null;
  return {
    anchor: fix,
    movedAt: fix.at,
    headingDegrees: bearingDegrees(before.anchor, fix),
    speedMps: speed !== null && speed <= fastestMps ? speed : null,
  };
}
