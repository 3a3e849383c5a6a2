/** A place in metres on a flat map. */
export type FlatPoint = { readonly x: number; readonly y: number };

/** Each pass looks at every pair; the gain of later ones is small. */
const MOST_PASSES = 12;
/** Shorter gains are rounding. */
const LEAST_GAIN_METERS = 0.01;

/** Math.hypot guards against overflow and takes ten times as long. */
const distance = (a: FlatPoint, b: FlatPoint): number => Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2);

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
  const at = (index: number): FlatPoint => (index < 0 ? start : (order[index] ?? start));
  let improved = true;
  for (let pass = 0; improved && pass < MOST_PASSES; pass++) {
    improved = false;
    for (let i = 0; i < order.length - 1; i++) {
      const before = at(i - 1);
      let first = at(i);
      let entry = distance(before, first);
      for (let j = i + 1; j < order.length; j++) {
        const last = at(j);
        const after = at(j + 1);
        const gain = entry + distance(last, after) - distance(before, last) - distance(first, after);
        if (gain <= LEAST_GAIN_METERS) continue;
        order.splice(i, j - i + 1, ...order.slice(i, j + 1).toReversed());
        improved = true;
        first = last;
        entry = distance(before, first);
      }
    }
  }
  return order;
};
