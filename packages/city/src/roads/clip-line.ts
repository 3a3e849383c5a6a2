type Point = { readonly x: number; readonly y: number };

/** The part [from, to] of a segment (0 = start, 1 = end) inside the square 0…size; null when it stays outside. */
const insidePart = (a: Point, b: Point, size: number): readonly [from: number, to: number] | null => {
  let from = 0;
  let to = 1;
  const sides = [
    [a.x - b.x, a.x],
    [b.x - a.x, size - a.x],
    [a.y - b.y, a.y],
    [b.y - a.y, size - a.y],
  ] as const;
  for (const [outward, room] of sides) {
    if (outward === 0) {
      if (room < 0) return null;
    } else {
      const at = room / outward;
      if (outward < 0) from = Math.max(from, at);
      else to = Math.min(to, at);
    }
  }
  return from < to ? [from, to] : null;
};

/** Cuts a line to the square 0…size: pieces as x0, y0, x1, y1, …; tiles carry a margin that would double every road. */
export const clipLine = (points: readonly Point[], size: number): number[][] => {
  const pieces: number[][] = [];
  let piece: number[] = [];
  let previous: Point | undefined;
  for (const point of points) {
    const part = previous ? insidePart(previous, point, size) : null;
    if (previous && part) {
      const [from, to] = part;
      const dx = point.x - previous.x;
      const dy = point.y - previous.y;
      if (from > 0 || piece.length === 0) {
        piece = [previous.x + dx * from, previous.y + dy * from];
        pieces.push(piece);
      }
      piece.push(previous.x + dx * to, previous.y + dy * to);
      if (to < 1) piece = [];
    } else piece = [];
    previous = point;
  }
  return pieces;
};
