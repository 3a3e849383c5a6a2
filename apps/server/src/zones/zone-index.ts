import type { Box, ZoneShape } from "./zone-shape.ts";

/** About 2 km: a city's zones spread over many cells, and a district is in few. */
const cellDegrees = 0.02;
const columns = Math.ceil(360 / cellDegrees) + 2;
/** A zone over more cells than this is asked each time instead. */
const mostCells = 400;

/** The zones near a place, without looking at the others. */
export type ZoneIndex = {
  get(zoneId: number): ZoneShape | null;
  /** Zones that may hold the place. */
  near(lat: number, lon: number): readonly ZoneShape[];
  /** Takes the place of the zone with the same id. */
  put(shape: ZoneShape): void;
  remove(zoneId: number): void;
  readonly size: number;
};

const none: readonly ZoneShape[] = [];
const cellOf = (degrees: number): number => Math.floor(degrees / cellDegrees);
const keyOf = (column: number, row: number): number => row * columns + column;

export function createZoneIndex(shapes: Iterable<ZoneShape> = []): ZoneIndex {
  const byId = new Map<number, ZoneShape>();
  /** Lists are replaced, never changed: whoever holds one may go on. */
  const cells = new Map<number, readonly ZoneShape[]>();
  let large: readonly ZoneShape[] = none;

  const index: ZoneIndex = {
    get: (zoneId) => byId.get(zoneId) ?? null,
    near(lat, lon) {
      const here = cells.get(keyOf(cellOf(lon), cellOf(lat))) ?? none;
      return large.length === 0 ? here : here.length === 0 ? large : [...here, ...large];
    },
    put(shape) {
      index.remove(shape.zoneId);
      byId.set(shape.zoneId, shape);
      const keys = keysOf(shape.box);
      if (keys === null) large = [...large, shape];
      else for (const key of keys) cells.set(key, [...(cells.get(key) ?? none), shape]);
    },
    remove(zoneId) {
      const shape = byId.get(zoneId);
      if (shape === undefined) return;
      byId.delete(zoneId);
      const others = (list: readonly ZoneShape[]) => list.filter((other) => other !== shape);
      const keys = keysOf(shape.box);
      if (keys === null) large = others(large);
      for (const key of keys ?? []) {
        const left = others(cells.get(key) ?? none);
        if (left.length === 0) cells.delete(key);
        else cells.set(key, left);
      }
    },
    get size() {
      return byId.size;
    },
  };
  for (const shape of shapes) index.put(shape);
  return index;
}

/** The cells that a box covers; null when they are too many. */
function keysOf({ west, south, east, north }: Box): number[] | null {
  const [left, right, bottom, top] = [cellOf(west), cellOf(east), cellOf(south), cellOf(north)];
  if ((right - left + 1) * (top - bottom + 1) > mostCells) return null;
  const keys: number[] = [];
  for (let row = bottom; row <= top; row += 1)
    for (let column = left; column <= right; column += 1) keys.push(keyOf(column, row));
  return keys;
}
