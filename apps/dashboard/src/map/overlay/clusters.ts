import type { VanMarker } from "./marker.ts";
import { worldPixels } from "./projection.ts";

/** Vans that lie on each other far out, drawn as one circle. */
export type Cluster = {
  /** The middle of its vans, as a share of the Mercator world. */
  readonly x: number;
  readonly y: number;
  readonly members: readonly VanMarker[];
  /** The rank of the one that is worst. */
  readonly worst: number;
  readonly hasMoving: boolean;
};

/** A fleet that fits on a screen is never folded up in the streets where it drives. */
const smallFleet = 150;
/** Vans that lie within this of the first of them become one circle. */
const radiusPixels = 40;
/** Two vans are still told apart. */
const fewest = 3;
/** More columns than any grid has: cells are numbered row by row. */
const columns = 2 ** 24;

/** Up to this zoom vans that lie on each other fold into circles; closer every van stands for itself. */
export const clusterMaxZoom = (vans: number): number => (vans <= smallFleet ? 9 : 12);

/**
 * Folds what lies together at a whole zoom and marks each van as folded or not: every van is in one circle or stands for itself.
 * Vans are taken in the order given, so that circles stay what they are while vans move a little.
 */
export function foldVans(vans: Iterable<VanMarker>, zoom: number): Cluster[] {
  const radius = radiusPixels / worldPixels(zoom);
  const grid = new Map<number, VanMarker[]>();
  const all: VanMarker[] = [];
  const cellOf = (x: number, y: number): number => Math.floor(y / radius) * columns + Math.floor(x / radius);
  for (const van of vans) {
    van.isFolded = false;
    all.push(van);
    const cell = cellOf(van.x, van.y);
    const mates = grid.get(cell);
    if (mates === undefined) grid.set(cell, [van]);
    else mates.push(van);
  }
  const clusters: Cluster[] = [];
  for (const van of all) {
    if (van.isFolded) continue;
    const members: VanMarker[] = [];
    const middle = cellOf(van.x, van.y);
    for (let row = -columns; row <= columns; row += columns)
      for (let column = -1; column <= 1; column += 1)
        for (const mate of grid.get(middle + row + column) ?? [])
          if (!mate.isFolded && (mate.x - van.x) ** 2 + (mate.y - van.y) ** 2 <= radius ** 2) members.push(mate);
    if (members.length < fewest) continue;
    for (const mate of members) mate.isFolded = true;
    clusters.push(clusterOf(members));
  }
  return clusters;
}

function clusterOf(members: readonly VanMarker[]): Cluster {
  let [x, y, worst, hasMoving] = [0, 0, 0, false];
  for (const van of members) {
    x += van.x;
    y += van.y;
    worst = Math.max(worst, van.look.rank);
    hasMoving ||= van.look.rank === 0;
  }
  return { x: x / members.length, y: y / members.length, members, worst, hasMoving };
}

/** The zoom at which a circle comes apart; `last` where its vans lie so close that only standing alone parts them. */
export function unfoldingZoom({ members }: Cluster, zoom: number, last: number): number {
  const copies = members.map((van) => ({ ...van }));
  for (let next = Math.floor(zoom) + 1; next < last; next += 1)
    if (foldVans(copies, next)[0]?.members.length !== members.length) return next;
  return last;
}

/** In steps, so that a circle does not breathe with each van that comes and goes. */
export function clusterRadius(count: number): number {
  if (count < 10) return 14;
  if (count < 50) return 17;
  return count < 200 ? 20 : 24;
}
