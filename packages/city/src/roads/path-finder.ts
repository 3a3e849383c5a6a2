import { METERS_PER_DEGREE, metersPerDegreeLon } from "./geo.ts";
import type { RoadGraph } from "./graph.ts";
import { FASTEST_MPS, SPEED_MPS } from "./road-class.ts";

/** A way along the roads: nodes[i] → nodes[i + 1] is edges[i]. */
export type Path = {
  readonly nodes: Uint32Array;
  readonly edges: Uint32Array;
  readonly meters: number;
  readonly seconds: number;
};

export type PathFinder = {
  /** The fastest way at the roads' speed limits; null when there is none. */
  readonly shortestPath: (from: number, to: number) => Path | null;
};

/** Slightly less than the true distance at any latitude of the graph, so that A* stays exact. */
const CAUTION = 0.999;

/** A* by travel time. Its buffers (about 30 bytes a node) are made once and used by every call. */
export const createPathFinder = (graph: RoadGraph): PathFinder => {
  const { nodeCount, edgeCount, lat, lon, firstEdge, edgeTarget, edgeMeters, edgeClass } = graph;
  const northmost = lat.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const lonMeters = metersPerDegreeLon(northmost);

  const edgeSeconds = new Float32Array(edgeCount);
  for (let edge = 0; edge < edgeCount; edge++)
    edgeSeconds[edge] = (edgeMeters[edge] ?? 0) / (SPEED_MPS[edgeClass[edge] ?? 0] ?? FASTEST_MPS);

  const seenIn = new Uint32Array(nodeCount);
  const doneIn = new Uint32Array(nodeCount);
  const seconds = new Float64Array(nodeCount);
  const byEdge = new Uint32Array(nodeCount);
  const before = new Uint32Array(nodeCount);
  let search = 0;

  // A binary heap in two arrays. A node may be in it several times, once for each edge at most; the first one out counts.
  const heapKey = new Float64Array(edgeCount + 2);
  const heapNode = new Uint32Array(edgeCount + 2);
  let heapSize = 0;

  const push = (key: number, node: number): void => {
    let at = heapSize;
    heapSize += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentKey = heapKey[parent] ?? 0;
      if (parentKey <= key) break;
      heapKey[at] = parentKey;
      heapNode[at] = heapNode[parent] ?? 0;
      at = parent;
    }
    heapKey[at] = key;
    heapNode[at] = node;
  };

  const pop = (): number => {
    const top = heapNode[0] ?? 0;
    heapSize -= 1;
    const key = heapKey[heapSize] ?? 0;
    const node = heapNode[heapSize] ?? 0;
    let at = 0;
    for (let child = 1; child < heapSize; child = 2 * at + 1) {
      if (child + 1 < heapSize && (heapKey[child + 1] ?? 0) < (heapKey[child] ?? 0)) child += 1;
      const childKey = heapKey[child] ?? 0;
      if (childKey >= key) break;
      heapKey[at] = childKey;
      heapNode[at] = heapNode[child] ?? 0;
      at = child;
    }
    heapKey[at] = key;
    heapNode[at] = node;
    return top;
  };

  const collect = (from: number, to: number): Path => {
    let length = 0;
    for (let node = to; node !== from; node = before[node] ?? from) length += 1;
    const nodes = new Uint32Array(length + 1);
    const edges = new Uint32Array(length);
    let meters = 0;
    let node = to;
    nodes[length] = to;
    for (let at = length - 1; at >= 0; at--) {
      const edge = byEdge[node] ?? 0;
      meters += edgeMeters[edge] ?? 0;
      edges[at] = edge;
      node = before[node] ?? from;
      nodes[at] = node;
    }
    return { nodes, edges, meters, seconds: seconds[to] ?? 0 };
  };

  return {
    shortestPath(from, to) {
      if (!(from >= 0 && from < nodeCount && to >= 0 && to < nodeCount))
        throw new RangeError(`no such node: ${from} or ${to}`);
      search += 1;
      heapSize = 0;
      const toLat = lat[to] ?? 0;
      const toLon = lon[to] ?? 0;
      const ahead = (node: number): number => {
        const north = ((lat[node] ?? 0) - toLat) * METERS_PER_DEGREE;
        const east = ((lon[node] ?? 0) - toLon) * lonMeters;
        return (Math.sqrt(north * north + east * east) * CAUTION) / FASTEST_MPS;
      };
      seenIn[from] = search;
      seconds[from] = 0;
      before[from] = from;
      push(ahead(from), from);
      while (heapSize > 0) {
        const node = pop();
        if (node === to) return collect(from, to);
        if (doneIn[node] === search) continue;
        doneIn[node] = search;
        const soFar = seconds[node] ?? 0;
        const end = firstEdge[node + 1] ?? 0;
        for (let edge = firstEdge[node] ?? 0; edge < end; edge++) {
          const target = edgeTarget[edge] ?? 0;
          if (doneIn[target] === search) continue;
          const arrival = soFar + (edgeSeconds[edge] ?? 0);
          if (seenIn[target] === search && arrival >= (seconds[target] ?? 0)) continue;
          seenIn[target] = search;
          seconds[target] = arrival;
          before[target] = node;
          byEdge[target] = edge;
          push(arrival + ahead(target), target);
        }
      }
      return null;
    },
  };
};
