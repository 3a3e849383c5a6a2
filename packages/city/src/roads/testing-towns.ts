import fc from "fast-check";
import { graphOf, type RoadGraph } from "./graph.ts";
import { ROAD_CLASSES } from "./road-class.ts";

/** Small random towns: some nodes within 2 km, roads among them, one-way or not; not always connected. */
export const aTown: fc.Arbitrary<RoadGraph> = fc
  .integer({ min: 1, max: 25 })
  .chain((count) =>
    fc.record({
      nodes: fc.array(
        fc.record({
          lat: fc.double({ min: 41.38, max: 41.4, noNaN: true }),
          lon: fc.double({ min: 2.15, max: 2.17, noNaN: true }),
        }),
        { minLength: count, maxLength: count },
      ),
      roads: fc.array(
        fc.record({
          from: fc.nat({ max: count - 1 }),
          to: fc.nat({ max: count - 1 }),
          roadClass: fc.constantFrom(...ROAD_CLASSES),
          oneway: fc.boolean(),
        }),
        { maxLength: 3 * count },
      ),
      stops: fc.array(fc.nat({ max: count - 1 })),
    }),
  )
  .map(graphOf);

const SIDE = 6;

/** Towns of square blocks with fast and slow streets side by side, so that the straight way is often not the fastest. */
export const aBlockTown: fc.Arbitrary<RoadGraph> = fc
  .array(fc.constantFrom("motorway" as const, "service" as const), {
    minLength: 2 * SIDE * SIDE,
    maxLength: 2 * SIDE * SIDE,
  })
  .map((classes) => {
    const cells = Array.from({ length: SIDE * SIDE }, (_, at) => ({
      at,
      row: Math.floor(at / SIDE),
      column: at % SIDE,
    }));
    const roads = cells.flatMap(({ at, row, column }) => [
      ...(column + 1 < SIDE ? [{ from: at, to: at + 1, roadClass: classes[2 * at] ?? "service" }] : []),
      ...(row + 1 < SIDE ? [{ from: at, to: at + SIDE, roadClass: classes[2 * at + 1] ?? "service" }] : []),
    ]);
    const nodes = cells.map(({ row, column }) => ({ lat: 41.38 + row * 0.0009, lon: 2.15 + column * 0.0012 }));
    return graphOf({ nodes, roads, stops: [] });
  });

/** The edges that leave a node. */
export const edgesFrom = (graph: RoadGraph, node: number): number[] => {
  const first = graph.firstEdge[node] ?? 0;
  return Array.from({ length: (graph.firstEdge[node + 1] ?? 0) - first }, (_, index) => first + index);
};

/** Which nodes can be reached from one, by plain search. */
export const reachableFrom = (graph: RoadGraph, start: number): Set<number> => {
  const reached = new Set([start]);
  for (const node of reached) for (const edge of edgesFrom(graph, node)) reached.add(graph.edgeTarget[edge] ?? 0);
  return reached;
};
