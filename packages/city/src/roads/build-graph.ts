import type { DecodedTiles } from "./decode-tiles.ts";
import { deliverTo } from "./deliver-to.ts";
import { packGraph, type Road, type RoadGraph } from "./graph.ts";
import { latOfUnit, lonOfUnit, placeKey } from "./grid-units.ts";
import { joinCrossings } from "./join-crossings.ts";
import { createPlaces, type Piece, snapLines } from "./snap-lines.ts";
import { largestStrongComponent } from "./strong-component.ts";

/** The pieces between neighbouring places as roads, each once: what runs along a tile's border is in both tiles. */
const roadsOf = (pieces: readonly Piece[]): Road[] => {
  const roads = new Map<number, Road>();
  for (const { a, b, roadClass, oneway, level } of pieces) {
    const key = placeKey(a, b);
    const back = placeKey(b, a);
    if (roads.has(key) || roads.get(back)?.oneway === false) continue;
    if (!oneway) roads.delete(back);
    roads.set(key, { a, b, roadClass, oneway, tunnel: level === "tunnel" });
  }
  return [...roads.values()];
};

/** Keeps the nodes that are marked, and the roads and stops among them. */
const keepMarked = (graph: RoadGraph, roads: readonly Road[], marked: Uint8Array): RoadGraph => {
  const renumbered = new Int32Array(graph.nodeCount).fill(-1);
  const kept = marked.reduce((count, mark, node) => {
    if (mark === 1) renumbered[node] = count;
    return count + mark;
  }, 0);
  const lat = new Float64Array(kept);
  const lon = new Float64Array(kept);
  for (const [node, number] of renumbered.entries()) {
    if (number === -1) continue;
    lat[number] = graph.lat[node] ?? 0;
    lon[number] = graph.lon[node] ?? 0;
  }
  const number = (node: number): number => renumbered[node] ?? -1;
  return packGraph(
    lat,
    lon,
    roads
      .filter((road) => number(road.a) !== -1 && number(road.b) !== -1)
      .map((road) => ({ ...road, a: number(road.a), b: number(road.b) })),
    Array.from(graph.stops, number).filter((node) => node !== -1),
  );
};

/** Makes the drivable graph: snap, join, put stops in front of houses, keep what is reachable both ways. */
export const buildGraph = ({ lines, houses }: DecodedTiles): RoadGraph => {
  const places = createPlaces();
  const pieces = joinCrossings(snapLines(lines, places), places);
  const { roads, stops } = deliverTo(houses, places.x, places.y, roadsOf(pieces));
  const whole = packGraph(Float64Array.from(places.y, latOfUnit), Float64Array.from(places.x, lonOfUnit), roads, stops);
  return keepMarked(whole, roads, largestStrongComponent(whole.firstEdge, whole.edgeTarget));
};
