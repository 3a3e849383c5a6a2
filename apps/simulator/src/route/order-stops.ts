/** A place in metres on a flat map. */
export type FlatPoint = { readonly x: number; readonly y: number };

/** Each pass looks at every pair; the gain of later ones is small. */
const MOST_PASSES = 12;
/** Shorter gains are rounding. */
const LEAST_GAIN_METERS = 0.01;

const distance = (a: FlatPoint, b: FlatPoint): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Length of the round from the start through all points and back. */
export const roundMeters = (start: FlatPoint, points: readonly FlatPoint[]): number => {
  const round = [start, ...points, start];
  return round.reduce((sum, point, index) => sum + distance(round[index - 1] ?? start, point), 0);
};

const byNearest = <P extends FlatPoint>(start: FlatPoint, points: readonly P[]): P[] => {
  const left = [...points];
  const ordered: P[] = [];
  let at: FlatPoint = start;
  while (left.length > 0) {
    let best = 0;
    for (let index = 1; index < left.length; index++)
      if (distance(at, left[index] ?? at) < distance(at, left[best] ?? at)) best = index;
    const [next] = left.splice(best, 1);
    if (next === undefined) break;
    ordered.push(next);
    at = next;
  }
  return ordered;
};

/** Puts points into a sensible order for a round trip: always to the nearest, then undo crossings (2-opt). */
export const orderStops = <P extends FlatPoint>(start: FlatPoint, points: readonly P[]): P[] => {
  const order = byNearest(start, points);
  const at = (index: number): FlatPoint => order[index] ?? start;
  let improved = true;
  for (let pass = 0; improved && pass < MOST_PASSES; pass++) {
    improved = false;
    for (let i = 0; i < order.length - 1; i++)
      for (let j = i + 1; j < order.length; j++) {
        const now = distance(at(i - 1), at(i)) + distance(at(j), at(j + 1));
        const turned = distance(at(i - 1), at(j)) + distance(at(i), at(j + 1));
        if (turned >= now - LEAST_GAIN_METERS) continue;
        order.splice(i, j - i + 1, ...order.slice(i, j + 1).toReversed());
        improved = true;
      }
  }
  return order;
};
