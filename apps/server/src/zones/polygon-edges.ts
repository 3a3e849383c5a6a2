/** A corner on the grid of 1e-7 degrees (about 1 cm), in whole numbers, so that every answer below is exact. */
export type GridPoint = readonly [x: number, y: number];

export type EdgeMeeting = "apart" | "touch" | "cross";

/** Differences of grid points are exact; their products round by less than this, so a larger sum has the right sign. */
const certainFrom = 16_384;

/** 1: `c` lies left of the line from `a` to `b`; -1: right of it; 0: on it. */
export function sideOf(a: GridPoint, b: GridPoint, c: GridPoint): -1 | 0 | 1 {
  const rough = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  if (rough > certainFrom) return 1;
  if (rough < -certainFrom) return -1;
  const exact = BigInt(b[0] - a[0]) * BigInt(c[1] - a[1]) - BigInt(b[1] - a[1]) * BigInt(c[0] - a[0]);
  return exact > 0n ? 1 : exact < 0n ? -1 : 0;
}

/** How two edges meet that have no corner in common by construction. */
export function meetingOf(a: GridPoint, b: GridPoint, c: GridPoint, d: GridPoint): EdgeMeeting {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return "apart";
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return "apart";
  const sides = [sideOf(a, b, c), sideOf(a, b, d), sideOf(c, d, a), sideOf(c, d, b)] as const;
  if (sides[0] * sides[1] > 0 || sides[2] * sides[3] > 0) return "apart";
  return sides.includes(0) ? "touch" : "cross";
}

/** True when the edge that follows `a → b` goes back over it. */
export function foldsBack(a: GridPoint, b: GridPoint, c: GridPoint): boolean {
  if (sideOf(a, b, c) !== 0) return false;
  return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;
}

/** Whether a point lies inside a closed ring; on its edge either may be answered. */
export function isInRing(point: GridPoint, ring: readonly GridPoint[]): boolean {
  let inside = false;
  for (let to = 1; to < ring.length; to += 1) {
    const a = ring[to - 1] as GridPoint;
    const b = ring[to] as GridPoint;
    if (a[1] > point[1] === b[1] > point[1]) continue;
    const side = sideOf(a, b, point);
    if (b[1] > a[1] ? side > 0 : side < 0) inside = !inside;
  }
  return inside;
}

/** Twice the signed area in square degrees: positive when the ring runs anticlockwise. */
export function doubleArea(ring: readonly (readonly number[])[]): number {
  const [x0 = 0, y0 = 0] = ring[0] ?? [];
  let sum = 0;
  for (let to = 1; to < ring.length; to += 1) {
    const [ax = 0, ay = 0] = ring[to - 1] ?? [];
    const [bx = 0, by = 0] = ring[to] ?? [];
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return sum;
}
