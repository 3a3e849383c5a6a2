import { type ZoneGeometry, zoneLimits } from "@dsp-fleet/contract";
import { doubleArea, foldsBack, type GridPoint, isInRing, meetingOf } from "./polygon-edges.ts";

/** What is wrong, and where: `coordinates.0.3` is the fourth position of the outline. */
export type GeometryFault = { readonly path: string; readonly words: string };
export type CheckedGeometry =
  | { readonly ok: true; readonly geometry: ZoneGeometry }
  | { readonly ok: false; readonly faults: readonly GeometryFault[] };

/** Enough to mend a shape by; a scribble of 1,000 corners has half a million crossings. */
const mostFaults = 10;
/** A parking space. Less is a line, or a slip of the hand. */
const smallestSquareMeters = 10;
const gridPerDegree = 1e7;
export const metersPerDegree = 111_195;

type Position = [lon: number, lat: number];
type Ring = { readonly index: number; readonly positions: Position[]; readonly grid: GridPoint[] };

/**
 * Refuses what cannot be told inside from outside. What it takes is given back on a grid of 1 cm, without heights, the outline
 * anticlockwise and the holes clockwise, as RFC 7946 has it.
 */
export function checkGeometry(geometry: ZoneGeometry, radiusMeters: number | null): CheckedGeometry {
  return geometry.type === "Point"
    ? checkCircle(geometry.coordinates, radiusMeters ?? 0)
    : checkPolygon(geometry.coordinates);
}

function checkCircle(coordinates: readonly number[], radiusMeters: number): CheckedGeometry {
  const [lon, lat] = onGrid(coordinates);
  const reach = radiusMeters / metersPerDegree;
  if (Math.abs(lat) + reach >= 90)
    return refused([{ path: "coordinates", words: "is a circle that holds a pole of the earth" }]);
  if (Math.abs(lon) + reach / Math.cos(((Math.abs(lat) + reach) * Math.PI) / 180) > 180)
    return refused([{ path: "coordinates", words: "is a circle that reaches over the 180° meridian; draw two zones" }]);
  return { ok: true, geometry: { type: "Point", coordinates: [lon, lat] } };
}

function checkPolygon(coordinates: readonly (readonly number[][])[]): CheckedGeometry {
  const corners = coordinates.reduce((sum, ring) => sum + Math.max(0, ring.length - 1), 0);
  if (corners > zoneLimits.vertices)
    return refused([
      { path: "coordinates", words: `has ${corners} corners; a zone can have at most ${zoneLimits.vertices}` },
    ]);
  const rings = coordinates.map((ring, index): Ring => {
    const positions = ring.map(onGrid);
    return { index, positions, grid: positions.map(([lon, lat]) => [toGrid(lon), toGrid(lat)]) };
  });
  // Each look takes for granted what the one before has found in order.
  for (const look of [formFaults, crossingFaults, nestingFaults]) {
    const faults = look(rings);
    if (faults.length > 0) return refused(faults);
  }
  return {
    ok: true,
    geometry: {
      type: "Polygon",
      coordinates: rings.map(({ positions, index }) =>
        doubleArea(positions) > 0 === (index === 0) ? positions : positions.toReversed(),
      ),
    },
  };
}

const refused = (faults: readonly GeometryFault[]): CheckedGeometry => ({
  ok: false,
  faults: faults.slice(0, mostFaults),
});
const toGrid = (degrees: number): number => Math.round(degrees * gridPerDegree);
const onGrid = (position: readonly number[]): Position => {
  const [lon = 0, lat = 0] = position;
  // `+ 0` makes a plain zero of minus zero.
  return [toGrid(lon) / gridPerDegree + 0, toGrid(lat) / gridPerDegree + 0];
};
const at = (ring: number, position: number): string => `coordinates.${ring}.${position}`;
const text = (position: Position | undefined): string => `[${position?.join(", ")}]`;

/** Each ring by itself: enough positions, closed, no corner twice in a row, within the map's edges. */
function formFaults(rings: readonly Ring[]): GeometryFault[] {
  return rings.flatMap(({ index, positions }): GeometryFault[] => {
    const path = `coordinates.${index}`;
    if (positions.length < 4)
      return [
        { path, words: `has ${positions.length} positions; a ring needs at least 4, the last being the first again` },
      ];
    const last = positions.length - 1;
    if (text(positions[0]) !== text(positions[last]))
      return [
        {
          path: at(index, last),
          words: `is ${text(positions[last])}, but the ring begins at ${text(positions[0])}: it must end where it begins`,
        },
      ];
    const faults: GeometryFault[] = [];
    for (let to = 1; to <= last && faults.length < mostFaults; to += 1) {
      const [from, here] = [positions[to - 1] as Position, positions[to] as Position];
      if (from[0] === here[0] && from[1] === here[1])
        faults.push({ path: at(index, to), words: `is the same as the position before it, ${text(from)}` });
      if (Math.abs(from[0] - here[0]) > 180)
        faults.push({
          path: at(index, to - 1),
          words: `begins edge ${to - 1} (from ${text(from)} to ${text(here)}), which crosses the 180° meridian; draw a zone on each side`,
        });
    }
    return faults;
  });
}

/** No two edges may meet, of one ring or of two, but neighbours at their common corner. */
function crossingFaults(rings: readonly Ring[]): GeometryFault[] {
  const edges = rings.flatMap((ring) =>
    ring.grid.slice(1).map((to, from) => ({ ring, from, a: ring.grid[from] as GridPoint, b: to })),
  );
  const faults: GeometryFault[] = [];
  const name = ({ ring, from }: { ring: Ring; from: number }) => {
    const of = rings.length === 1 ? "" : ring.index === 0 ? " of the outline" : ` of hole ${ring.index}`;
    return `edge ${from}${of} (from ${text(ring.positions[from])} to ${text(ring.positions[from + 1])})`;
  };
  for (const [index, one] of edges.entries()) {
    for (let other = index + 1; other < edges.length; other += 1) {
      const two = edges[other] as (typeof edges)[number];
      const words = meets(one, two);
      if (words === null) continue;
      faults.push({ path: at(one.ring.index, one.from), words: `begins ${name(one)}, which ${words} ${name(two)}` });
      if (faults.length >= mostFaults) return faults;
    }
  }
  return faults;
}

type Edge = { readonly ring: Ring; readonly from: number; readonly a: GridPoint; readonly b: GridPoint };

function meets(one: Edge, two: Edge): string | null {
  if (one.ring === two.ring) {
    const last = one.ring.grid.length - 2;
    if (two.from === one.from + 1) return foldsBack(one.a, one.b, two.b) ? "is run back over by" : null;
    if (one.from === 0 && two.from === last) return foldsBack(two.a, two.b, one.b) ? "runs back over" : null;
  }
  const meeting = meetingOf(one.a, one.b, two.a, two.b);
  return meeting === "apart" ? null : meeting === "cross" ? "crosses" : "touches";
}

/** An outline with room in it; holes inside it, and none inside another. */
function nestingFaults([outline, ...holes]: readonly Ring[]): GeometryFault[] {
  if (outline === undefined) return [];
  const area = squareMeters(outline.positions);
  if (area < smallestSquareMeters)
    return [
      {
        path: "coordinates.0",
        words: `covers ${area.toFixed(1)} m²; a zone covers at least ${smallestSquareMeters} m²`,
      },
    ];
  const faults: GeometryFault[] = [];
  for (const hole of holes) {
    const path = `coordinates.${hole.index}`;
    const corner = hole.grid[0] as GridPoint;
    if (!isInRing(corner, outline.grid))
      faults.push({ path, words: `is hole ${hole.index}, which lies outside the outline` });
    const around = holes.find((other) => other !== hole && isInRing(corner, other.grid));
    if (around !== undefined)
      faults.push({ path, words: `is hole ${hole.index}, which lies inside hole ${around.index}` });
  }
  return faults;
}

export function squareMeters(ring: readonly (readonly number[])[]): number {
  const latitudes = ring.map(([, lat = 0]) => lat);
  const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  return (Math.abs(doubleArea(ring)) / 2) * metersPerDegree ** 2 * Math.cos((middle * Math.PI) / 180);
}
