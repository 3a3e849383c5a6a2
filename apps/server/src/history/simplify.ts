import { distanceMeters, lonNear } from "./distance.ts";
import { createHeap, type HeapNode } from "./heap.ts";
import type { Stage, TrackFix } from "./track-fix.ts";

/** Fixes that are weighed against each other at once: more than a day of one each 5 s. */
const leastKept = 20_000;
const timesPoints = 4;
/** The edges of a gap go last; outliers go first. */
const edgeCost = 1e9;
const outlierCost = -1;

type Node = HeapNode & {
  fix: TrackFix;
  before: Node | null;
  after: Node | null;
  /** Metres that were given up beside it. */
  carried: number;
};

/**
 * A track → at most so many of its fixes. Again and again the fix goes that is missed least: the one nearest to where its neighbours
 * say that the van was at that moment. So halts, their beginnings and ends stay, not shapes alone. First and last always stay.
 */
export function createSimplifier(maxPoints: number): Stage<TrackFix, TrackFix> {
  const capacity = Math.max(leastKept, timesPoints * maxPoints);
  const heap = createHeap<Node>();
  let first: Node | null = null;
  let last: Node | null = null;

  function costOf({ fix, before, after, carried }: Node): number {
    if (before === null || after === null) return Number.POSITIVE_INFINITY;
    if (fix.outlier) return outlierCost;
    const meters = carried + strayMeters(before.fix, fix, after.fix);
    return fix.gapBefore || after.fix.gapBefore ? edgeCost + meters : meters;
  }

  function weigh(node: Node | null): void {
    if (node !== null) heap.move(node, costOf(node));
  }

  function dropLeast(): void {
    const node = heap.pop();
    if (node === null) return;
    const { before, after } = node;
    if (before === null || after === null) return;
    before.after = after;
    after.before = before;
    // A line across a gap would tell of a way that nobody knows.
    if (node.fix.gapBefore && !after.fix.gapBefore) after.fix = { ...after.fix, gapBefore: true };
    if (!node.fix.outlier) {
      const missed = Math.min(node.cost, edgeCost);
      before.carried = Math.max(before.carried, missed);
      after.carried = Math.max(after.carried, missed);
    }
    weigh(before);
    weigh(after);
  }

  return {
    add(fix) {
      const node: Node = { fix, before: last, after: null, carried: 0, cost: Number.POSITIVE_INFINITY, index: -1 };
      if (last !== null) last.after = node;
      first ??= node;
      heap.push(node);
      weigh(last);
      last = node;
      if (heap.size > capacity) dropLeast();
      return [];
    },
    end() {
      while (heap.size > maxPoints) dropLeast();
      const fixes: TrackFix[] = [];
      for (let node = first; node !== null; node = node.after) fixes.push(node.fix);
      return fixes;
    },
  };
}

/** How far a fix lies from where the straight and even way from `a` to `b` would have been at its time. */
function strayMeters(a: TrackFix, fix: TrackFix, b: TrackFix): number {
  const part = b.atMs === a.atMs ? 0 : (fix.atMs - a.atMs) / (b.atMs - a.atMs);
  const straight = { lat: a.lat + (b.lat - a.lat) * part, lon: a.lon + (lonNear(b.lon, a.lon) - a.lon) * part };
  return distanceMeters(straight, fix);
}
