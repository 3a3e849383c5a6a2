import { metersBetween, type Position } from "./geo.ts";
import { classNumber, type RoadClass } from "./road-class.ts";

/**
 * A directed road graph in compressed rows: the edges that leave node n are firstEdge[n] … firstEdge[n + 1] - 1.
 * Every node can be reached from every other. Degrees WGS 84, metres.
 */
export type RoadGraph = {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly firstEdge: Uint32Array;
  readonly edgeTarget: Uint32Array;
  readonly edgeMeters: Float32Array;
  /** Index into ROAD_CLASSES. */
  readonly edgeClass: Uint8Array;
  /** 1 where the road runs through a tunnel. */
  readonly edgeTunnel: Uint8Array;
  /** Nodes in front of which parcels are delivered, ascending, each once. */
  readonly stops: Uint32Array;
};

/** A road between two nodes before the graph is packed; `oneway` leads from a to b. */
export type Road = {
  readonly a: number;
  readonly b: number;
  readonly roadClass: number;
  readonly oneway: boolean;
  readonly tunnel: boolean;
};

/** Packs nodes and roads into a RoadGraph. The caller answers for the reachability. */
export const packGraph = (
  lat: Float64Array,
  lon: Float64Array,
  roads: Iterable<Road>,
  stops: Iterable<number>,
): RoadGraph => {
  const nodeCount = lat.length;
  const firstEdge = new Uint32Array(nodeCount + 1);
  const all = [...roads];
  const countAt = (node: number): void => {
    firstEdge[node + 1] = (firstEdge[node + 1] ?? 0) + 1;
  };
  for (const road of all) {
    countAt(road.a);
    if (!road.oneway) countAt(road.b);
  }
  for (let node = 0; node < nodeCount; node++)
    firstEdge[node + 1] = (firstEdge[node + 1] ?? 0) + (firstEdge[node] ?? 0);
  const edgeCount = firstEdge[nodeCount] ?? 0;
  const next = firstEdge.slice();
  const edgeTarget = new Uint32Array(edgeCount);
  const edgeMeters = new Float32Array(edgeCount);
  const edgeClass = new Uint8Array(edgeCount);
  const edgeTunnel = new Uint8Array(edgeCount);
  const add = (from: number, to: number, road: Road): void => {
    const edge = next[from] ?? 0;
    next[from] = edge + 1;
    edgeTarget[edge] = to;
    edgeMeters[edge] = metersBetween(lat[from] ?? 0, lon[from] ?? 0, lat[to] ?? 0, lon[to] ?? 0);
    edgeClass[edge] = road.roadClass;
    edgeTunnel[edge] = road.tunnel ? 1 : 0;
  };
  for (const road of all) {
    add(road.a, road.b, road);
    if (!road.oneway) add(road.b, road.a, road);
  }
  const distinctStops = Uint32Array.from(new Set(stops)).sort();
  return {
    nodeCount,
    edgeCount,
    lat,
    lon,
    firstEdge,
    edgeTarget,
    edgeMeters,
    edgeClass,
    edgeTunnel,
    stops: distinctStops,
  };
};

/** A graph from plain data, for tests and made-up towns. Nodes are named by their place in the list. */
export const graphOf = (town: {
  readonly nodes: readonly Position[];
  readonly roads: readonly {
    readonly from: number;
    readonly to: number;
    readonly roadClass: RoadClass;
    readonly oneway?: boolean;
    readonly tunnel?: boolean;
  }[];
  readonly stops: readonly number[];
}): RoadGraph =>
  packGraph(
    Float64Array.from(town.nodes, (node) => node.lat),
    Float64Array.from(town.nodes, (node) => node.lon),
    town.roads.map((road) => ({
      a: road.from,
      b: road.to,
      roadClass: classNumber(road.roadClass),
      oneway: road.oneway ?? false,
      tunnel: road.tunnel ?? false,
    })),
    town.stops,
  );
