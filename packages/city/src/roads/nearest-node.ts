import { METERS_PER_DEGREE, metersBetween, metersPerDegreeLon } from "./geo.ts";
import type { RoadGraph } from "./graph.ts";

export type NodeIndex = {
  /** The node nearest to a place, and how far away it is. The graph must have a node. */
  readonly nearest: (lat: number, lon: number) => { readonly node: number; readonly meters: number };
};

/** About a city block: a handful of nodes in each cell. */
const CELL_METERS = 100;

/** Indexes nodes (all of them, or those given) by square cells. */
export const createNodeIndex = (graph: RoadGraph, nodes: Iterable<number> = graph.lat.keys()): NodeIndex => {
  const { lat, lon } = graph;
  const all = Uint32Array.from(nodes);
  if (all.length === 0) throw new RangeError("a node index needs at least one node");
  const rowDegrees = CELL_METERS / METERS_PER_DEGREE;
  const columnDegrees = CELL_METERS / metersPerDegreeLon(lat[all[0] ?? 0] ?? 0);
  const south = all.reduce((least, node) => Math.min(least, lat[node] ?? 0), Infinity);
  const north = all.reduce((most, node) => Math.max(most, lat[node] ?? 0), -Infinity);
  const west = all.reduce((least, node) => Math.min(least, lon[node] ?? 0), Infinity);
  const east = all.reduce((most, node) => Math.max(most, lon[node] ?? 0), -Infinity);
  const rows = Math.floor((north - south) / rowDegrees) + 1;
  const columns = Math.floor((east - west) / columnDegrees) + 1;
  const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  const rowOf = (value: number): number => clamp(Math.floor((value - south) / rowDegrees), rows);
  const columnOf = (value: number): number => clamp(Math.floor((value - west) / columnDegrees), columns);

  const first = new Uint32Array(rows * columns + 1);
  const cellOf = (node: number): number => rowOf(lat[node] ?? 0) * columns + columnOf(lon[node] ?? 0);
  for (const node of all) first[cellOf(node) + 1] = (first[cellOf(node) + 1] ?? 0) + 1;
  for (let cell = 0; cell < rows * columns; cell++) first[cell + 1] = (first[cell + 1] ?? 0) + (first[cell] ?? 0);
  const next = first.slice();
  const sorted = new Uint32Array(all.length);
  for (const node of all) {
    const cell = cellOf(node);
    sorted[next[cell] ?? 0] = node;
    next[cell] = (next[cell] ?? 0) + 1;
  }

  return {
    nearest(toLat, toLon) {
      const row = rowOf(toLat);
      const column = columnOf(toLon);
      // A place outside is searched from the border cell beside it: every node is then at least as far as the rings say.
      let best = { node: -1, meters: Infinity };
      const look = (r: number, c: number): void => {
        if (r < 0 || r >= rows || c < 0 || c >= columns) return;
        const cell = r * columns + c;
        for (let at = first[cell] ?? 0; at < (first[cell + 1] ?? 0); at++) {
          const node = sorted[at] ?? 0;
          const meters = metersBetween(toLat, toLon, lat[node] ?? 0, lon[node] ?? 0);
          if (meters < best.meters) best = { node, meters };
        }
      };
      // Ring by ring; a ring can only hold something nearer while it starts within the best distance found.
      // Cells are a little narrower than CELL_METERS where the graph is wide, hence the factor.
      for (let ring = 0; ring <= Math.max(rows, columns) && (ring - 1) * CELL_METERS * 0.95 <= best.meters; ring++) {
        for (let c = column - ring; c <= column + ring; c++) {
          look(row - ring, c);
          if (ring > 0) look(row + ring, c);
        }
        for (let r = row - ring + 1; r < row + ring; r++) {
          look(r, column - ring);
          look(r, column + ring);
        }
      }
      return best;
    },
  };
};
