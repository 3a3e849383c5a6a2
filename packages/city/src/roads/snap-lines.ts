import type { RoadLevel, RoadLine } from "./decode-tiles.ts";
import { placeKey } from "./grid-units.ts";

/** A straight piece of road between two places; `oneway` leads from a to b. */
export type Piece = {
  readonly a: number;
  readonly b: number;
  readonly roadClass: number;
  readonly oneway: boolean;
  readonly level: RoadLevel;
};

/** Numbered places on whole grid units. */
export type Places = {
  readonly x: number[];
  readonly y: number[];
  /** The number of a place; a new one when nothing is there yet. */
  readonly at: (x: number, y: number) => number;
  readonly find: (x: number, y: number) => number | undefined;
};

/** Two road ends this near (1.3 m) are the same crossing, torn by the rounding of two tiles. */
export const JOIN_UNITS = 3;

export const createPlaces = (): Places => {
  const byKey = new Map<number, number>();
  const x: number[] = [];
  const y: number[] = [];
  const find = (px: number, py: number): number | undefined => byKey.get(placeKey(px, py));
  return {
    x,
    y,
    find,
    at(px, py) {
      const known = find(px, py);
      if (known !== undefined) return known;
      byKey.set(placeKey(px, py), x.length);
      y.push(py);
      return x.push(px) - 1;
    },
  };
};

/** How many pieces touch each place. */
export const countTouching = (places: Places, pieces: readonly Piece[]): Uint32Array => {
  const counts = new Uint32Array(places.x.length);
  for (const { a, b } of pieces) {
    counts[a] = (counts[a] ?? 0) + 1;
    counts[b] = (counts[b] ?? 0) + 1;
  }
  return counts;
};

/** The nearest other place to a dead end within reach; the other end of its own piece does not count. */
const nearestOther = (places: Places, end: number, own: number): number | undefined => {
  const x = places.x[end] ?? 0;
  const y = places.y[end] ?? 0;
  let best: number | undefined;
  let bestSquare = JOIN_UNITS * JOIN_UNITS + 1;
  for (let dx = -JOIN_UNITS; dx <= JOIN_UNITS; dx++)
    for (let dy = -JOIN_UNITS; dy <= JOIN_UNITS; dy++) {
      const square = dx * dx + dy * dy;
      const other = square < bestSquare ? places.find(x + dx, y + dy) : undefined;
      if (other === undefined || other === end || other === own) continue;
      best = other;
      bestSquare = square;
    }
  return best;
};

/** Where a place has gone after joining; chains are followed to their end. */
const follow = (joinedTo: ReadonlyMap<number, number>, place: number): number => {
  let at = place;
  for (let next = joinedTo.get(at); next !== undefined; next = joinedTo.get(at)) at = next;
  return at;
};

/** Cuts lines into pieces between whole-unit places, and joins dead ends to the place they were torn from. */
export const snapLines = (lines: readonly RoadLine[], places: Places): Piece[] => {
  const pieces: Piece[] = [];
  for (const { xy, roadClass, oneway, level } of lines) {
    let a = places.at(xy[0] ?? 0, xy[1] ?? 0);
    for (let at = 2; at < xy.length; at += 2) {
      const b = places.at(xy[at] ?? 0, xy[at + 1] ?? 0);
      if (a !== b) pieces.push({ a, b, roadClass, oneway, level });
      a = b;
    }
  }
  const touching = countTouching(places, pieces);
  const joinedTo = new Map<number, number>();
  const join = (end: number, own: number): void => {
    if (touching[end] !== 1) return;
    const other = nearestOther(places, end, own);
    if (other !== undefined && follow(joinedTo, other) !== end) joinedTo.set(end, other);
  };
  for (const { a, b } of pieces) {
    join(a, b);
    join(b, a);
  }
  return pieces
    .map((piece) => ({ ...piece, a: follow(joinedTo, piece.a), b: follow(joinedTo, piece.b) }))
    .filter((piece) => piece.a !== piece.b);
};
