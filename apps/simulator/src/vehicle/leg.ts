import { bearingDegrees, type Path, type RoadGraph, SPEED_MPS, turnDegrees } from "@dsp-fleet/city/roads";
import type { Random } from "../random.ts";

/** A loaded van, driven gently. */
export const ACCELERATION_MPS2 = 1.8;
export const BRAKING_MPS2 = 2.5;
/** Sideways acceleration that parcels stand. */
const SIDEWAYS_MPS2 = 2.2;
/** A turn on the spot. */
const SLOWEST_TURN_MPS = 1.5;

/** One drive from stop to stop with its speeds settled beforehand. Arrays by edge, or by the node at an edge's end. */
export type Leg = {
  readonly nodes: Uint32Array;
  readonly edges: Uint32Array;
  /** How fast the van goes at most on each edge: the limit or, by the driver's mood, less. */
  readonly cruiseMps: Float64Array;
  /** How fast it may be at the end of each edge, so that it can brake for all that follows; 0 at the last. */
  readonly exitMps: Float64Array;
  /** How long it stands at the end of each edge: a red light. */
  readonly waitSeconds: Float64Array;
};

const RED_LIGHT_CHANCE = 0.12;
const RED_LIGHT_SECONDS = { min: 4, max: 35 } as const;
const MOOD = { min: 0.8, max: 1 } as const;
/** Roads slower than this have no traffic lights. */
const LIGHTS_FROM_MPS = 10;

/** How fast a bend can be taken. Points are near each other in bends, so the arc's radius follows from their distance. */
const bendMps = (degrees: number, metersBefore: number, metersAfter: number): number => {
  if (degrees < 3) return Infinity;
  const gentle = Math.max(0, 1 - degrees / 45);
  const arc = Math.min(Math.max((metersBefore + metersAfter) / 2, 5), 10 + 50 * gentle);
  const radius = arc / ((degrees * Math.PI) / 180);
  return Math.max(SLOWEST_TURN_MPS, Math.sqrt(SIDEWAYS_MPS2 * radius));
};

/** Settles the speeds of a drive along a path: limits, bends, red lights, and braking in time for each. */
export const planLeg = (graph: RoadGraph, path: Path, random: Random): Leg => {
  const { nodes, edges } = path;
  const count = edges.length;
  const mood = random.between(MOOD.min, MOOD.max);
  const limit = Float64Array.from(edges, (edge) => SPEED_MPS[graph.edgeClass[edge] ?? 0] ?? 0);
  const cruiseMps = limit.map((mps) => mps * mood);
  const bearing = Float64Array.from(edges, (_, at) => {
    const a = nodes[at] ?? 0;
    const b = nodes[at + 1] ?? 0;
    return bearingDegrees(graph.lat[a] ?? 0, graph.lon[a] ?? 0, graph.lat[b] ?? 0, graph.lon[b] ?? 0);
  });
  const metersOf = (at: number): number => graph.edgeMeters[edges[at] ?? 0] ?? 0;
  const ways = (node: number): number => (graph.firstEdge[node + 1] ?? 0) - (graph.firstEdge[node] ?? 0);

  const waitSeconds = new Float64Array(count);
  const exitMps = new Float64Array(count);
  for (let at = count - 2; at >= 0; at--) {
    const isJunction = ways(nodes[at + 1] ?? 0) >= 3 && (limit[at] ?? 0) > LIGHTS_FROM_MPS;
    if (isJunction && random.chance(RED_LIGHT_CHANCE)) {
      waitSeconds[at] = random.between(RED_LIGHT_SECONDS.min, RED_LIGHT_SECONDS.max);
      continue;
    }
    const canBrake = Math.sqrt((exitMps[at + 1] ?? 0) ** 2 + 2 * BRAKING_MPS2 * metersOf(at + 1));
    const bend = bendMps(turnDegrees(bearing[at] ?? 0, bearing[at + 1] ?? 0), metersOf(at), metersOf(at + 1));
    exitMps[at] = Math.min(cruiseMps[at] ?? 0, cruiseMps[at + 1] ?? 0, canBrake, bend);
  }
  return { nodes, edges, cruiseMps, exitMps, waitSeconds };
};
