import type { Zone } from "@dsp-fleet/contract";
import { metersBetween } from "../locations/meters-between.ts";
import { metersPerDegree, squareMeters } from "./check-geometry.ts";

const radians = Math.PI / 180;

export type Box = { readonly west: number; readonly south: number; readonly east: number; readonly north: number };

/** A zone's shape made ready for being asked often. */
export type ZoneShape = {
  readonly zoneId: number;
  /** Fixes before this moment are no business of this shape: it was not drawn yet. Ms since 1970 UTC. */
  readonly drawnAt: number;
  readonly box: Box;
  /** Radius of the circle, or of a circle as large as the polygon. */
  readonly scaleMeters: number;
  /** Metres to the edge, negative inside. */
  edgeDistance(lat: number, lon: number): number;
};

export function zoneShape(zone: Pick<Zone, "id" | "geometry" | "radiusMeters">, drawnAt: number): ZoneShape {
  const { geometry } = zone;
  const known = { zoneId: zone.id, drawnAt };
  if (geometry.type === "Point") {
    const [lon = 0, lat = 0] = geometry.coordinates;
    const radius = zone.radiusMeters ?? 0;
    const middle = { lat, lon };
    const center = { west: lon, east: lon, south: lat, north: lat };
    return {
      ...known,
      box: widened(center, radius),
      scaleMeters: radius,
      edgeDistance: (fixLat, fixLon) => metersBetween(middle, { lat: fixLat, lon: fixLon }) - radius,
    };
  }
  const rings = geometry.coordinates.map((ring) => Float64Array.from(ring.flatMap(([lon = 0, lat = 0]) => [lon, lat])));
  return {
    ...known,
    box: boxOf(rings[0] ?? new Float64Array()),
    scaleMeters: Math.sqrt(squareMeters(geometry.coordinates[0] ?? []) / Math.PI),
    edgeDistance: (lat, lon) => polygonDistance(rings, lat, lon),
  };
}

/** A box with so many metres more on each side. */
function widened({ west, south, east, north }: Box, meters: number): Box {
  const up = meters / metersPerDegree;
  const farthest = Math.min(89.9, Math.max(Math.abs(south), Math.abs(north)) + up);
  const aside = up / Math.cos(farthest * radians);
  return { west: west - aside, south: south - up, east: east + aside, north: north + up };
}

function boxOf(ring: Float64Array): Box {
  const box = { west: 180, south: 90, east: -180, north: -90 };
  for (let i = 0; i < ring.length; i += 2) {
    const [lon, lat] = [ring[i] as number, ring[i + 1] as number];
    box.west = Math.min(box.west, lon);
    box.east = Math.max(box.east, lon);
    box.south = Math.min(box.south, lat);
    box.north = Math.max(box.north, lat);
  }
  return box;
}

/** In and out are told in degrees, as the shape was drawn; metres are measured on a plane that fits where the fix is. */
function polygonDistance(rings: readonly Float64Array[], lat: number, lon: number): number {
  const perLon = metersPerDegree * Math.cos(lat * radians);
  let inside = false;
  let nearest = Number.POSITIVE_INFINITY;
  for (const ring of rings) {
    let ax = ((ring[0] as number) - lon) * perLon;
    let ay = ((ring[1] as number) - lat) * metersPerDegree;
    for (let i = 2; i < ring.length; i += 2) {
      const bx = ((ring[i] as number) - lon) * perLon;
      const by = ((ring[i + 1] as number) - lat) * metersPerDegree;
      if (ay > 0 !== by > 0 && (by > ay ? bx * ay < ax * by : bx * ay > ax * by)) inside = !inside;
      const dx = bx - ax;
      const dy = by - ay;
      const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy)));
      const px = ax + along * dx;
      const py = ay + along * dy;
      nearest = Math.min(nearest, px * px + py * py);
      ax = bx;
      ay = by;
    }
  }
  return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
}
