import type { House } from "./decode-tiles.ts";
import type { Road } from "./graph.ts";
import { metersPerUnit } from "./grid-units.ts";
import { FAST_CLASSES } from "./road-class.ts";

/** A parcel is carried this far from the van, no farther. */
const CARRY_METERS = 60;
/** Houses nearer to each other than this share one stop. */
const SHARED_STOP_METERS = 15;

type Doorstep = { readonly road: number; readonly along: number };

/** Roads by square cells of `cell` units, for "which roads are near here". */
const indexRoads = (
  x: readonly number[],
  y: readonly number[],
  roads: readonly Road[],
  cell: number,
): Map<number, number[]> => {
  const cells = new Map<number, number[]>();
  for (const [number, road] of roads.entries()) {
    if (FAST_CLASSES.has(road.roadClass) || road.tunnel) continue;
    const xs = [x[road.a] ?? 0, x[road.b] ?? 0].map((value) => Math.floor(value / cell));
    const ys = [y[road.a] ?? 0, y[road.b] ?? 0].map((value) => Math.floor(value / cell));
    for (let column = Math.min(...xs); column <= Math.max(...xs); column++)
      for (let row = Math.min(...ys); row <= Math.max(...ys); row++) {
        const key = column * 2 ** 26 + row;
        const list = cells.get(key);
        if (list) list.push(number);
        else cells.set(key, [number]);
      }
  }
  return cells;
};

/**
 * Puts a node on the road in front of every house (one for near neighbours) and splits the road there.
 * Appends to x and y; returns the roads after splitting and the nodes to deliver at.
 */
export const deliverTo = (
  houses: readonly House[],
  x: number[],
  y: number[],
  roads: readonly Road[],
): { readonly roads: Road[]; readonly stops: number[] } => {
  const unit = metersPerUnit(houses[0]?.y ?? 0);
  const reach = CARRY_METERS / unit;
  const shared = SHARED_STOP_METERS / unit;
  const cells = indexRoads(x, y, roads, reach);

  const doorstep = (house: House): Doorstep | undefined => {
    let best: Doorstep | undefined;
    let bestSquare = reach * reach;
    const column = Math.floor(house.x / reach);
    const row = Math.floor(house.y / reach);
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (const number of cells.get((column + dx) * 2 ** 26 + row + dy) ?? []) {
          const road = roads[number];
          if (road === undefined) continue;
          const ax = x[road.a] ?? 0;
          const ay = y[road.a] ?? 0;
          const ex = (x[road.b] ?? 0) - ax;
          const ey = (y[road.b] ?? 0) - ay;
          const along = Math.max(0, Math.min(1, ((house.x - ax) * ex + (house.y - ay) * ey) / (ex * ex + ey * ey)));
          const square = (house.x - ax - along * ex) ** 2 + (house.y - ay - along * ey) ** 2;
          if (square >= bestSquare) continue;
          bestSquare = square;
          best = { road: number, along };
        }
    return best;
  };

  const alongs = new Map<number, number[]>();
  for (const house of houses) {
    const found = doorstep(house);
    if (found === undefined) continue;
    const list = alongs.get(found.road);
    if (list) list.push(found.along);
    else alongs.set(found.road, [found.along]);
  }

  const stops: number[] = [];
  const split: Road[] = [];
  for (const [number, road] of roads.entries()) {
    const length = Math.hypot((x[road.b] ?? 0) - (x[road.a] ?? 0), (y[road.b] ?? 0) - (y[road.a] ?? 0));
    let from = road.a;
    let fromAt = 0;
    for (const along of (alongs.get(number) ?? []).sort((one, other) => one - other)) {
      const at = along * length;
      if (at - fromAt < shared) stops.push(from);
      else if (length - at < shared) stops.push(road.b);
      else {
        const node = x.push((x[road.a] ?? 0) + ((x[road.b] ?? 0) - (x[road.a] ?? 0)) * along) - 1;
        y.push((y[road.a] ?? 0) + ((y[road.b] ?? 0) - (y[road.a] ?? 0)) * along);
        split.push({ ...road, a: from, b: node });
        stops.push(node);
        from = node;
        fromAt = at;
      }
    }
    split.push({ ...road, a: from });
  }
  return { roads: split, stops };
};
