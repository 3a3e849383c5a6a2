import fc from "fast-check";
import { expect, test } from "vitest";
import { graphOf, type RoadGraph } from "./graph.ts";
import { createPathFinder, type Path } from "./path-finder.ts";
import { SPEED_MPS } from "./road-class.ts";
import { aBlockTown, aTown, edgesFrom } from "./testing-towns.ts";

/** Travel times from a node by relaxing every edge until nothing changes. */
const secondsFrom = (graph: RoadGraph, start: number): number[] => {
  const seconds = Array.from({ length: graph.nodeCount }, () => Infinity);
  seconds[start] = 0;
  for (let round = 0; round < graph.nodeCount; round++) {
    const before = seconds.join();
    for (let node = 0; node < graph.nodeCount; node++)
      for (const edge of edgesFrom(graph, node)) {
        const target = graph.edgeTarget[edge] ?? 0;
        const through =
          (seconds[node] ?? 0) + (graph.edgeMeters[edge] ?? 0) / (SPEED_MPS[graph.edgeClass[edge] ?? 0] ?? 1);
        if (through < (seconds[target] ?? 0)) seconds[target] = through;
      }
    if (seconds.join() === before) break;
  }
  return seconds;
};

const expectWay = (graph: RoadGraph, path: Path, from: number, to: number, seconds: number): void => {
  expect([path.nodes[0], path.nodes.at(-1)]).toEqual([from, to]);
  expect(path.seconds).toBeCloseTo(seconds, 3);
  expect(path.nodes.length).toBe(path.edges.length + 1);
  const leads = (edge: number, at: number): boolean =>
    edgesFrom(graph, path.nodes[at] ?? -1).includes(edge) && graph.edgeTarget[edge] === path.nodes[at + 1];
  expect(path.edges.every(leads)).toBe(true);
};

test("a path is as fast as any, its nodes are neighbours, and there is none only where nothing leads there", () => {
  fc.assert(
    fc.property(fc.oneof(aTown, aBlockTown), (graph) => {
      const finder = createPathFinder(graph);
      for (let from = 0; from < graph.nodeCount; from += 5) {
        const best = secondsFrom(graph, from);
        for (let to = 0; to < graph.nodeCount; to++) {
          const path = finder.shortestPath(from, to);
          expect(path === null).toBe(best[to] === Infinity);
          if (path === null) continue;
          expectWay(graph, path, from, to, best[to] ?? -1);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("where every road is two-way, there and back take the same time", () => {
  fc.assert(
    fc.property(aTown, fc.nat(), fc.nat(), (town, one, other) => {
      const roads = Array.from({ length: town.nodeCount }, (_, from) =>
        edgesFrom(town, from).map((edge) => ({ from, to: town.edgeTarget[edge] ?? 0, roadClass: "minor" as const })),
      ).flat();
      const nodes = Array.from(town.lat, (lat, node) => ({ lat, lon: town.lon[node] ?? 0 }));
      const finder = createPathFinder(graphOf({ nodes, roads, stops: [] }));
      const [a, b] = [one % nodes.length, other % nodes.length];
      const there = finder.shortestPath(a, b)?.seconds ?? -1;
      const back = finder.shortestPath(b, a)?.seconds ?? -1;
      expect(there).toBeCloseTo(back, 6);
    }),
  );
});

test("a one-way street is not driven against its direction", () => {
  const nodes = [
    { lat: 41.39, lon: 2.15 },
    { lat: 41.39, lon: 2.151 },
  ];
  const finder = createPathFinder(
    graphOf({ nodes, roads: [{ from: 0, to: 1, roadClass: "minor", oneway: true }], stops: [] }),
  );
  expect(finder.shortestPath(0, 1)?.meters).toBeCloseTo(83.4, 0);
  expect(finder.shortestPath(1, 0)).toBeNull();
});

test("a node that does not exist is an error, not a path", () => {
  const finder = createPathFinder(graphOf({ nodes: [{ lat: 41.39, lon: 2.15 }], roads: [], stops: [] }));
  expect(() => finder.shortestPath(0, 1)).toThrow(RangeError);
});
