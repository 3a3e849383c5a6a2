import { metersBetween, type Position, type RoadGraph } from "@dsp-fleet/city/roads";
import { createRandom } from "../random.ts";

/** A circle of the city without a mobile network. */
export type DeadZone = Position & { readonly radiusMeters: number };

/** A car park, a courtyard, a valley: small enough that a van comes out again within minutes. */
const RADIUS_METERS = { min: 80, max: 400 } as const;

/** Circles around random places of the roads; the same for the same seed. */
export const createDeadZones = (graph: RoadGraph, seed: string, count = 25): DeadZone[] => {
  const random = createRandom(seed).stream("dead zones");
  return Array.from({ length: count }, () => {
    const node = random.integer(0, graph.nodeCount - 1);
    return {
      lat: graph.lat[node] ?? 0,
      lon: graph.lon[node] ?? 0,
      radiusMeters: random.between(RADIUS_METERS.min, RADIUS_METERS.max),
    };
  });
};

/** Whether a phone has a network at a place. */
export const hasNetwork = (zones: readonly DeadZone[], lat: number, lon: number): boolean =>
  zones.every((zone) => metersBetween(zone.lat, zone.lon, lat, lon) > zone.radiusMeters);
