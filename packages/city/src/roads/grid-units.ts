/**
 * Positions while the graph is made: whole units of the zoom-14 tile grid (4,096 to a tile; 0.45 m in Barcelona),
 * counted from the world's north-west corner. Whole numbers make "the same place" exact.
 */
export const TILE_UNITS = 4096;
const WORLD_UNITS = 2 ** 14 * TILE_UNITS;
const EQUATOR_METERS = 40_075_016.686;

export const lonOfUnit = (x: number): number => (x / WORLD_UNITS) * 360 - 180;

export const latOfUnit = (y: number): number =>
  (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD_UNITS))) * 180) / Math.PI;

/** Length of one unit in metres at the height of `y`. */
export const metersPerUnit = (y: number): number =>
  (EQUATOR_METERS / WORLD_UNITS) * Math.cos((latOfUnit(y) * Math.PI) / 180);

/** One number for a place: exact up to 2^53 because both coordinates are below 2^26. */
export const placeKey = (x: number, y: number): number => x * 2 ** 26 + y;
