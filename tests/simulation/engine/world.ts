/** Virtual time, and what happens in it: one thing after the other, in an order that a seed repeats. */
export type World = {
  /** ms since 1970 UTC; even, so that a fix with an odd time can never meet the time of an arrival. */
  now(): number;
  /** Runs once after `ms`; returns its undo. */
  after(ms: number, run: () => void): () => void;
  /** To be called by whoever woke code that may go on in promises: the next thing happens after they have come to rest. */
  stirred(): void;
  runUntil(at: number): Promise<void>;
  /** Things that have happened so far. */
  readonly steps: number;
};

type Happening = { readonly at: number; readonly order: number; run: (() => void) | null };

export const startOfTime = Date.UTC(2026, 0, 5, 8);

export function createWorld(): World {
  const heap: Happening[] = [];
  let now = startOfTime;
  let order = 0;
  let steps = 0;
  let restless = false;

  const before = (a: Happening, b: Happening) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(happening: Happening): void {
    let index = heap.push(happening) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Happening;
      if (!before(happening, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = happening;
  }

  function pop(): Happening {
    const first = heap[0] as Happening;
    const last = heap.pop() as Happening;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Happening, heap[below] as Happening)) below += 1;
      const child = heap[below] as Happening;
      if (!before(child, last)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
    return first;
  }

  return {
    now: () => now,
    after(ms, run) {
      const happening: Happening = { at: now + 2 * Math.ceil(Math.max(0, ms) / 2), order: order++, run };
      push(happening);
      return () => {
        happening.run = null;
      };
    },
    stirred() {
      restless = true;
    },
    async runUntil(end) {
      for (;;) {
        const next = heap[0];
        if (next === undefined || next.at > end) break;
        pop();
        if (next.run === null) continue;
        now = next.at;
        steps += 1;
        next.run();
        if (!restless) continue;
        restless = false;
        // A turn of the event loop ends only when no promise has anything left to do.
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
      now = end;
    },
    get steps() {
      return steps;
    },
  };
}
