import type { ZoneIndex } from "../zones/zone-index.ts";
import type { ZoneShape } from "../zones/zone-shape.ts";

/** Where a device was at one moment. */
export type Fix = {
  readonly atMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly accuracyMeters: number | null;
};

export type Verdict = "inside" | "outside" | "unsure";
export type Crossing = { readonly zoneId: number; readonly kind: "entered" | "left" };

/** A fix that is known more roughly than this decides nothing. */
const roughestMeters = 100;
/** Whoever is in a zone has left it only so far outside: a phone that stands still wanders by some tens of metres. */
const leaveMarginMeters = 30;

const none: readonly Crossing[] = [];

/**
 * Inside: within the edge, by a fix that is no rougher than the zone is large. Outside: further from the edge than the margin
 * and than the fix is rough. Between the two a fix decides nothing, and so edges do not flap.
 */
export function verdictOf(shape: ZoneShape, fix: Fix): Verdict {
  const accuracy = fix.accuracyMeters ?? 0;
  if (accuracy > roughestMeters || fix.atMs < shape.drawnAt) return "unsure";
  const meters = shape.edgeDistance(fix.lat, fix.lon);
  if (meters <= 0) return accuracy <= shape.scaleMeters ? "inside" : "unsure";
  return meters > leaveMarginMeters && meters > accuracy ? "outside" : "unsure";
}

/** What a fix changes for a device that is in the zones of `open`. */
export function crossingsOf(
  index: ZoneIndex,
  open: ReadonlyMap<number, unknown> | null,
  fix: Fix,
): readonly Crossing[] {
  let found: Crossing[] | null = null;
  if (open !== null)
    for (const zoneId of open.keys()) {
      const shape = index.get(zoneId);
      if (shape !== null && verdictOf(shape, fix) === "outside") (found ??= []).push({ zoneId, kind: "left" });
    }
  for (const shape of index.near(fix.lat, fix.lon)) {
    const { west, east, south, north } = shape.box;
    if (fix.lon < west || fix.lon > east || fix.lat < south || fix.lat > north) continue;
    if (open?.has(shape.zoneId) === true || verdictOf(shape, fix) !== "inside") continue;
    (found ??= []).push({ zoneId: shape.zoneId, kind: "entered" });
  }
  return found ?? none;
}
