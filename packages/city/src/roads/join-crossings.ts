import { countTouching, JOIN_UNITS, type Piece, type Places } from "./snap-lines.ts";

/** A place this near to a road lies on it: more is not lost by rounding. */
const TOUCH_UNITS = 1;
/** Side of a search cell, about the length of a usual piece (60 m). */
const CELL_UNITS = 128;

type Cut = { readonly along: number; readonly place: number };

const pairsByCell = (places: Places, pieces: readonly Piece[]): Iterable<number[]> => {
  const cells = new Map<number, number[]>();
  const cell = (value: number): number => Math.floor(value / CELL_UNITS);
  for (const [number, { a, b }] of pieces.entries()) {
    const ax = places.x[a] ?? 0;
    const ay = places.y[a] ?? 0;
    const bx = places.x[b] ?? 0;
    const by = places.y[b] ?? 0;
    for (let column = cell(Math.min(ax, bx) - JOIN_UNITS); column <= cell(Math.max(ax, bx) + JOIN_UNITS); column++)
      for (let row = cell(Math.min(ay, by) - JOIN_UNITS); row <= cell(Math.max(ay, by) + JOIN_UNITS); row++) {
        const key = column * 2 ** 26 + row;
        const list = cells.get(key);
        if (list) list.push(number);
        else cells.set(key, [number]);
      }
  }
  return cells.values();
};

/**
 * Tiles leave out the points of a straight road, the crossings too. This finds them again: where a place lies on a
 * piece, where a dead end stops at one, and where two pieces of the ground cross. Returns the pieces, cut there.
 */
export const joinCrossings = (pieces: readonly Piece[], places: Places): Piece[] => {
  const touching = countTouching(places, pieces);
  const cuts = new Map<number, Cut[]>();
  const cut = (number: number, along: number, place: number): void => {
    const list = cuts.get(number);
    if (list) list.push({ along, place });
    else cuts.set(number, [{ along, place }]);
  };
  const xOf = (place: number): number => places.x[place] ?? 0;
  const yOf = (place: number): number => places.y[place] ?? 0;

  /** Cuts a piece where the place lies on it; says whether it does. */
  const touches = (place: number, number: number, piece: Piece, sameLevel: boolean): boolean => {
    const deadEnd = touching[place] === 1;
    if (!sameLevel && !deadEnd) return false;
    const dx = xOf(piece.b) - xOf(piece.a);
    const dy = yOf(piece.b) - yOf(piece.a);
    const px = xOf(place) - xOf(piece.a);
    const py = yOf(place) - yOf(piece.a);
    const along = (px * dx + py * dy) / (dx * dx + dy * dy);
    if (along <= 0 || along >= 1) return false;
    if (Math.hypot(px - along * dx, py - along * dy) > (deadEnd ? JOIN_UNITS : TOUCH_UNITS)) return false;
    cut(number, along, place);
    return true;
  };

  const cross = (one: number, p: Piece, other: number, q: Piece): void => {
    const px = xOf(p.b) - xOf(p.a);
    const py = yOf(p.b) - yOf(p.a);
    const qx = xOf(q.b) - xOf(q.a);
    const qy = yOf(q.b) - yOf(q.a);
    const across = px * qy - py * qx;
    if (across === 0) return;
    const dx = xOf(q.a) - xOf(p.a);
    const dy = yOf(q.a) - yOf(p.a);
    const alongP = (dx * qy - dy * qx) / across;
    const alongQ = (dx * py - dy * px) / across;
    if (alongP <= 0 || alongP >= 1 || alongQ <= 0 || alongQ >= 1) return;
    const place = places.at(Math.round(xOf(p.a) + alongP * px), Math.round(yOf(p.a) + alongP * py));
    cut(one, alongP, place);
    cut(other, alongQ, place);
  };

  for (const near of pairsByCell(places, pieces))
    for (const [index, one] of near.entries())
      for (let next = index + 1; next < near.length; next++) {
        const other = near[next] ?? 0;
        const p = pieces[one];
        const q = pieces[other];
        if (!p || !q || p.a === q.a || p.a === q.b || p.b === q.a || p.b === q.b) continue;
        const sameLevel = p.level === q.level;
        const touched = [
          touches(p.a, other, q, sameLevel),
          touches(p.b, other, q, sameLevel),
          touches(q.a, one, p, sameLevel),
          touches(q.b, one, p, sameLevel),
        ].includes(true);
        if (!touched && sameLevel && p.level === "ground") cross(one, p, other, q);
      }

  return pieces.flatMap((piece, number) => {
    const ordered = (cuts.get(number) ?? []).sort((one, other) => one.along - other.along);
    const stations = [piece.a, ...ordered.map(({ place }) => place), piece.b];
    return stations.slice(1).flatMap((b, index) => {
      const a = stations[index] ?? b;
      return a === b ? [] : [{ ...piece, a, b }];
    });
  });
};
