import type { RescueCandidate, RescueDoubt } from "@dsp-fleet/contract";
import type { LiveDevice } from "../devices/live-device.ts";
import { metersBetween, type Position } from "../locations/meters-between.ts";

/** A van in town is a street or two away from a position of this age, and no longer where the map shows it beyond. */
const oldPositionMs = 5 * 60_000;
/** A phone below this may not live through the rescue: fast location takes about 10 % an hour. */
const lowBatteryPercent = 20;

/** Who could come to the rescue: those that nothing speaks against first, the nearest first; the rescuee is not among them. */
export function rankCandidates(
  devices: readonly LiveDevice[],
  rescuee: LiveDevice,
  isInRescue: (deviceId: number) => boolean,
  now: number,
): RescueCandidate[] {
  const there = positionOf(rescuee);
  return devices
    .filter((device) => device.id !== rescuee.id)
    .map((device) => toCandidate(device, there, isInRescue(device.id), now))
    .sort(compareCandidates);
}

/** By what decides the place in the list, which is why a page can go on where the last one ended. */
export function compareCandidates(a: Place, b: Place): number {
  if (a.eligible !== b.eligible) return a.eligible ? -1 : 1;
  return farness(a) - farness(b) || a.deviceId - b.deviceId;
}

export type Place = Pick<RescueCandidate, "eligible" | "distanceMeters" | "deviceId">;

const farness = ({ distanceMeters }: Place): number => distanceMeters ?? Number.MAX_SAFE_INTEGER;

function toCandidate(device: LiveDevice, there: Position | null, inRescue: boolean, now: number): RescueCandidate {
  const here = positionOf(device);
  const ageMs = here === null || device.lastLocationAt === null ? null : Math.max(0, now - device.lastLocationAt);
  const doubts: Record<RescueDoubt, boolean> = {
    "in-rescue": inRescue,
    offline: !device.isConnected,
    "no-position": here === null,
    "old-position": ageMs !== null && ageMs > oldPositionMs,
    "low-battery": device.batteryLevelPercent !== null && device.batteryLevelPercent < lowBatteryPercent,
  };
  const reasons = (Object.keys(doubts) as RescueDoubt[]).filter((doubt) => doubts[doubt]);
  return {
    deviceId: device.id,
    name: device.name,
    distanceMeters: here === null || there === null ? null : Math.round(metersBetween(here, there)),
    eligible: reasons.length === 0,
    reasons,
    positionAgeSeconds: ageMs === null ? null : Math.floor(ageMs / 1000),
    batteryLevelPercent: device.batteryLevelPercent,
  };
}

function positionOf({ lastLat, lastLon }: LiveDevice): Position | null {
  return lastLat === null || lastLon === null ? null : { lat: lastLat, lon: lastLon };
}
