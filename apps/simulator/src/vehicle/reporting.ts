import { metersBetween, turnDegrees } from "@dsp-fleet/city/roads";

/** What the policy looks at in a fix; null where the phone does not know. */
export type ReportingFix = {
  /** Seconds on any steady clock. */
  readonly atSeconds: number;
  readonly lat: number;
  readonly lon: number;
  readonly speedMps: number | null;
  readonly headingDegrees: number | null;
  readonly accuracyMeters: number | null;
  readonly batteryPercent: number | null;
};

/** A dispatcher's wish for more frequent positions; it comes on top of the usual rules. */
export type FastLease = { readonly intervalSeconds: number; readonly untilSeconds: number };

/** What the account asks of the phone, in the van's own seconds, which may run faster than the clock. */
export const leaseAt = (
  wish: { readonly intervalSeconds: number; readonly untilMs: number } | null,
  atSeconds: number,
  nowMs: number,
): FastLease | null =>
  wish === null
    ? null
    : { intervalSeconds: wish.intervalSeconds, untilSeconds: atSeconds + (wish.untilMs - nowMs) / 1000 };

export type ReportingState = {
  readonly reported: ReportingFix | null;
  readonly previous: ReportingFix | null;
};

/** Why a fix is reported. */
export type ReportReason =
  | "first"
  | "after-gap"
  | "lease"
  | "stopped"
  | "started"
  | "time"
  | "distance"
  | "turn"
  | "beat";

export type Motion = "still" | "stop-and-go" | "driving";

type Rule = {
  /** Two reports are never nearer than this: 25 m at 50 km/h would be one every 1.8 s. */
  readonly leastSeconds: number;
  readonly mostSeconds: number;
  readonly meters: number;
  readonly turnDegrees: number;
};

/** A standing van is told by its beat alone: its fixes wander. */
const RULES: Readonly<Record<Motion, Rule>> = {
  still: { leastSeconds: 5, mostSeconds: 60, meters: Infinity, turnDegrees: Infinity },
  "stop-and-go": { leastSeconds: 5, mostSeconds: 10, meters: 15, turnDegrees: Infinity },
  driving: { leastSeconds: 2, mostSeconds: 5, meters: 25, turnDegrees: 20 },
};

const STILL_BELOW_MPS = 0.5;
/** About 15 km/h. */
const DRIVING_FROM_MPS = 4;
/** After so long without a fix the next one is news, whatever it says. */
const GAP_SECONDS = 30;
/** Below this the phone reports half as often. */
const LOW_BATTERY_PERCENT = 20;

export const NOTHING_REPORTED: ReportingState = { reported: null, previous: null };

const metersApart = (a: ReportingFix, b: ReportingFix): number => metersBetween(a.lat, a.lon, b.lat, b.lon);

/** How the van moves; without a speed, from the way since the fix before, as far as it exceeds the fixes' error. */
const motionOf = (previous: ReportingFix | null, fix: ReportingFix): Motion => {
  const seconds = previous === null ? 0 : fix.atSeconds - previous.atSeconds;
  const certain = previous === null ? 0 : Math.max(0, metersApart(previous, fix) - (fix.accuracyMeters ?? 0));
  const speed = fix.speedMps ?? (seconds > 0 ? certain / seconds : 0);
  if (speed < STILL_BELOW_MPS) return "still";
  return speed < DRIVING_FROM_MPS ? "stop-and-go" : "driving";
};

const reasonFor = (
  { reported, previous }: ReportingState,
  fix: ReportingFix,
  lease: FastLease | null,
): ReportReason | null => {
  if (reported === null || previous === null) return "first";
  if (fix.atSeconds - previous.atSeconds > GAP_SECONDS) return "after-gap";
  const elapsed = fix.atSeconds - reported.atSeconds;
  if (lease !== null && fix.atSeconds < lease.untilSeconds && elapsed >= lease.intervalSeconds) return "lease";

  const motion = motionOf(previous, fix);
  const before = motionOf(null, reported);
  const rule = RULES[motion];
  const thrift = fix.batteryPercent !== null && fix.batteryPercent < LOW_BATTERY_PERCENT ? 2 : 1;
  if (elapsed < rule.leastSeconds * thrift) return null;
  if (motion === "still" && before !== "still") return "stopped";
  if (motion !== "still" && before === "still") return "started";
  if (elapsed >= rule.mostSeconds * thrift) return motion === "still" ? "beat" : "time";
  // What may be the fixes' error alone is no movement.
  if (metersApart(reported, fix) >= Math.max(rule.meters * thrift, fix.accuracyMeters ?? 0)) return "distance";
  const turned =
    fix.headingDegrees !== null &&
    reported.headingDegrees !== null &&
    turnDegrees(reported.headingDegrees, fix.headingDegrees) >= rule.turnDegrees * thrift;
  return turned ? "turn" : null;
};

/**
 * Decides on the next fix: reported for a reason, or kept back (null). Feed it every fix in order.
 * Driving: 5 s, 25 m or 20°; stop-and-go: 10 s or 15 m; still: a beat each 60 s; half as often on a low battery.
 */
export const considerReport = (
  state: ReportingState,
  fix: ReportingFix,
  lease: FastLease | null = null,
): { readonly state: ReportingState; readonly reason: ReportReason | null } => {
  const reason = reasonFor(state, fix, lease);
  return { state: { reported: reason === null ? state.reported : fix, previous: fix }, reason };
};
