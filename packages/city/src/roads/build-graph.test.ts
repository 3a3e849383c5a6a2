import { expect, test } from "vitest";
import { buildGraph } from "./build-graph.ts";
import type { House, RoadLine } from "./decode-tiles.ts";
import { TILE_UNITS } from "./grid-units.ts";
import { classNumber } from "./road-class.ts";

/** A corner of the tile grid in Barcelona; lines are given from there, in units of 0.45 m. */
const WEST = 8290 * TILE_UNITS;
const NORTH = 6120 * TILE_UNITS;

const road = (xy: readonly number[], more: Partial<RoadLine> = {}): RoadLine => ({
  xy: xy.map((value, index) => value + (index % 2 === 0 ? WEST : NORTH)),
  roadClass: classNumber("minor"),
  oneway: false,
  level: "ground",
  ...more,
});

const graph = (lines: readonly RoadLine[], houses: readonly House[] = []) =>
  buildGraph({ lines, houses: houses.map(({ x, y }) => ({ x: x + WEST, y: y + NORTH })) });

test("two roads that cross on the ground get a crossing that the tiles left out", () => {
  const { nodeCount, edgeCount } = graph([road([0, 500, 1000, 500]), road([500, 0, 500, 1000])]);
  expect([nodeCount, edgeCount]).toEqual([5, 8]);
});

test("a bridge over a road or over another bridge, and a tunnel under one, are no crossings", () => {
  for (const [over, under] of [
    ["bridge", "ground"],
    ["ground", "tunnel"],
    ["ground", "bridge"],
    ["bridge", "bridge"],
  ] as const) {
    const lines = [road([0, 500, 1100, 500], { level: over }), road([500, 0, 500, 1000], { level: under })];
    expect(graph(lines).nodeCount).toBe(2);
  }
});

test("a side road that ends on another road joins it, also when rounding left a small gap", () => {
  expect(graph([road([0, 500, 1000, 500]), road([500, 503, 500, 900])]).nodeCount).toBe(4);
});

test("two ends torn apart at a tile's border are one place", () => {
  const { nodeCount, edgeCount } = graph([road([0, 500, 1000, 500]), road([1002, 502, 1900, 500])]);
  expect([nodeCount, edgeCount]).toEqual([3, 4]);
});

test("ends farther apart stay apart, and only the larger part is kept", () => {
  expect(graph([road([0, 500, 300, 500, 1000, 560]), road([1006, 560, 1900, 500])]).nodeCount).toBe(3);
});

test("a road that is in two tiles is one road", () => {
  expect(graph([road([0, 500, 1000, 500]), road([1000, 500, 0, 500]), road([0, 500, 1000, 500])]).edgeCount).toBe(2);
});

test("a one-way dead end, out of which no van comes, is left out", () => {
  const { nodeCount } = graph([road([0, 500, 500, 500, 1000, 500]), road([500, 500, 500, 1000], { oneway: true })]);
  expect(nodeCount).toBe(3);
});

test("a house puts a stop on the road in front of it; near neighbours share it", () => {
  const houses = [
    { x: 400, y: 520 },
    { x: 410, y: 480 },
    { x: 700, y: 520 },
  ];
  const { stops, nodeCount, lon } = graph([road([0, 500, 1000, 500])], houses);
  expect(nodeCount).toBe(4);
  expect(stops.length).toBe(2);
  const along = Array.from(
    stops,
    (node) => ((lon[node] ?? 0) - Math.min(...lon)) / (Math.max(...lon) - Math.min(...lon)),
  );
  expect(along.sort((one, other) => one - other)).toEqual([expect.closeTo(0.4, 3), expect.closeTo(0.7, 3)]);
});

test("nobody delivers from a motorway, or farther than one carries a parcel", () => {
  expect(
    graph([road([0, 500, 1000, 500], { roadClass: classNumber("motorway") })], [{ x: 400, y: 510 }]).stops.length,
  ).toBe(0);
  expect(graph([road([0, 500, 1000, 500])], [{ x: 400, y: 700 }]).stops.length).toBe(0);
});
