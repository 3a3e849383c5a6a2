import type { LiveDevice } from "./live-device.ts";

/** How a van can be said to stand: moving and heard, at rest and heard, connected but its fix is old, not connected. */
export type KnownStatus = "live" | "still" | "stale" | "dark";

/** `seen`: heard, but once only, a moment ago. Whether it moves is not known yet. */
export type Status = KnownStatus | "seen";

/** From the least to the most worrying. */
export const statusOrder: readonly KnownStatus[] = ["live", "still", "stale", "dark"];

/** Every threshold that a person sees the effect of, in milliseconds unless named otherwise. */
export const thresholds = {
  /** A phone at rest beats every 60 s; half as much again bears one late beat. */
  staleAfterMs: 90_000,
  /** A red light lasts up to about a minute: shorter stops are still a drive. */
  stillAfterMs: 60_000,
  /** A phone under way reports every 5 s: one silent for longer than two of them is not. */
  knownStillAfterMs: 12_000,
  /** Closer than this is the noise of a receiver, not a movement. */
  movedMeters: 8,
  /** A stale van asks for attention only then, so that one tunnel does not ring. */
  staleNeedsYouAfterMs: 3 * 60_000,
  /** Dark for longer than a shift is a phone that was put away, not an exception. */
  offShiftAfterMs: 12 * 3_600_000,
  /** About an hour of driving is left. */
  lowBatteryPercent: 15,
  /** A phone this low has most likely switched itself off. */
  emptyBatteryPercent: 5,
} as const;

/** `now` in milliseconds of the server's clock. */
export function statusOf(device: LiveDevice, now: number): Status {
  if (!device.isConnected) return "dark";
  if (device.fix === null || now - device.fix.at > thresholds.staleAfterMs) return "stale";
  if (device.movedAt !== null && now - device.movedAt <= thresholds.stillAfterMs) return "live";
  // One position alone says nothing about movement: the next, or none in time, does.
  return device.wasSeenOnce && now - device.fix.at <= thresholds.knownStillAfterMs ? "seen" : "still";
}

/** The last moment anything came from the phone; null when nothing ever did. */
export function lastHeardAt(device: LiveDevice): number | null {
  if (device.fix === null) return device.infoAt;
  return device.infoAt === null ? device.fix.at : Math.max(device.fix.at, device.infoAt);
}

export type Need =
  | { readonly kind: "dark"; readonly since: number; readonly batteryEmpty: boolean }
  | { readonly kind: "never-seen"; readonly since: number }
  | { readonly kind: "stale"; readonly since: number }
  | { readonly kind: "no-position"; readonly since: number }
  | { readonly kind: "low-battery"; readonly percent: number };

/** Why a dispatcher should look at this van now; null when there is no reason. */
export function needOf(device: LiveDevice, now: number): Need | null {
  const heardAt = lastHeardAt(device);
  if (!device.isConnected) {
    const since = heardAt ?? device.boundAt;
    if (now - since > thresholds.offShiftAfterMs) return null;
    if (heardAt === null) return { kind: "never-seen", since };
    return { kind: "dark", since, batteryEmpty: (device.batteryPercent ?? 100) <= thresholds.emptyBatteryPercent };
  }
  const seenAt = device.fix?.at ?? device.boundAt;
  if (now - seenAt > thresholds.staleNeedsYouAfterMs)
    return device.fix === null ? { kind: "no-position", since: seenAt } : { kind: "stale", since: seenAt };
  if (device.batteryPercent !== null && device.batteryPercent <= thresholds.lowBatteryPercent)
    return { kind: "low-battery", percent: device.batteryPercent };
  return null;
}
