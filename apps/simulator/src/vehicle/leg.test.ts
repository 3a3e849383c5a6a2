import { createPathFinder, graphOf, ROAD_CLASSES, type RoadGraph, SPEED_MPS } from "@dsp-fleet/city/roads";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { BRAKING_MPS2, type Leg, planLeg } from "./leg.ts";

/** A winding road whose pieces are some metres to some hundred metres long, of any class. */
const aWindingRoad: fc.Arbitrary<RoadGraph> = fc
  .array(
    fc.record({
      north: fc.double({ min: 0.00003, max: 0.001, noNaN: true }),
      east: fc.double({ min: -0.0005, max: 0.0005, noNaN: true }),
      roadClass: fc.constantFrom(...ROAD_CLASSES),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((pieces) => {
    const nodes = [{ lat: 41.38, lon: 2.15 }];
    for (const { north, east } of pieces) {
      const last = nodes.at(-1) ?? { lat: 0, lon: 0 };
      nodes.push({ lat: last.lat + north, lon: last.lon + east });
    }
    return graphOf({
      nodes,
      roads: pieces.map(({ roadClass }, from) => ({ from, to: from + 1, roadClass })),
      stops: [],
    });
  });

const legOf = (graph: RoadGraph, seed: string): Leg => {
  const path = createPathFinder(graph).shortestPath(0, graph.nodeCount - 1);
  if (path === null) throw new Error("the road has no gap");
  return planLeg(graph, path, createRandom(seed));
};

test("a van keeps to every limit, can always brake in time for what follows, and stands at the end", () => {
  fc.assert(
    fc.property(aWindingRoad, fc.string(), (graph, seed) => {
      const { edges, cruiseMps, exitMps } = legOf(graph, seed);
      expect(exitMps.at(-1)).toBe(0);
      for (const [at, edge] of edges.entries()) {
        const exit = exitMps[at] ?? 0;
        const before = exitMps[at - 1] ?? 0;
        const meters = graph.edgeMeters[edge] ?? 0;
        expect(cruiseMps[at]).toBeLessThanOrEqual(SPEED_MPS[graph.edgeClass[edge] ?? 0] ?? 0);
        expect(exit).toBeLessThanOrEqual(cruiseMps[at] ?? 0);
        expect(before).toBeLessThanOrEqual(cruiseMps[at] ?? 0);
        expect(before ** 2 - exit ** 2).toBeLessThanOrEqual(2 * BRAKING_MPS2 * meters + 1e-6);
      }
    }),
  );
});

test("a sharp corner is taken slowly, a gentle bend faster, a straight road at the limit", () => {
  const exitAfter = (lonShift: number): number => {
    const nodes = [
      { lat: 41.38, lon: 2.15 },
      { lat: 41.382, lon: 2.15 },
      { lat: 41.384 - Math.abs(lonShift), lon: 2.15 + lonShift },
    ];
    const roads = [0, 1].map((from) => ({ from, to: from + 1, roadClass: "secondary" as const }));
    return legOf(graphOf({ nodes, roads, stops: [] }), "a").exitMps[0] ?? 0;
  };
  const straight = exitAfter(0);
  expect(straight).toBeGreaterThan(11);
  expect(exitAfter(0.0011)).toBeLessThan(straight);
  expect(exitAfter(0.0011)).toBeGreaterThan(5);
  expect(exitAfter(0.002)).toBeLessThan(5);
  expect(exitAfter(0.002)).toBeGreaterThan(2);
});

test("red lights are met at junctions of wider roads only", () => {
  const cross = (roadClass: "secondary" | "minor"): RoadGraph =>
    graphOf({
      nodes: [41.38, 41.382, 41.384, 41.386].flatMap((lat) => [
        { lat, lon: 2.15 },
        { lat, lon: 2.152 },
      ]),
      roads: [
        ...[0, 2, 4].map((from) => ({ from, to: from + 2, roadClass })),
        ...[2, 4].map((from) => ({ from, to: from + 1, roadClass })),
      ],
      stops: [],
    });
  const waits = (graph: RoadGraph): number[] => {
    const path = createPathFinder(graph).shortestPath(0, 6);
    if (path === null) throw new Error("the road has no gap");
    return Array.from({ length: 200 }, (_, at) => planLeg(graph, path, createRandom(`${at}`)))
      .flatMap((leg) => [...leg.waitSeconds])
      .filter((seconds) => seconds > 0);
  };
  expect(waits(cross("minor"))).toEqual([]);
  expect(waits(cross("secondary")).length).toBeGreaterThan(10);
});
