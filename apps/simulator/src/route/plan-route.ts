import { METERS_PER_DEGREE, metersPerDegreeLon, type RoadGraph } from "@dsp-fleet/city/roads";
import { createRandom, type Random } from "../random.ts";
import { orderStops } from "./order-stops.ts";

export type Stop = {
  readonly node: number;
  /** How long the van stands there. */
  readonly dwellSeconds: number;
};

/** One tour: from the depot through the stops in order and back. */
export type Route = { readonly depot: number; readonly stops: readonly Stop[] };

/** Gives the route of a van's tour 0, 1, 2, …; the same tour is always the same route. */
export type RoutePlanner = (tour: number) => Route;

export type RoutePlannerOptions = {
  readonly graph: RoadGraph;
  /** Node of the depot. */
  readonly depot: number;
  readonly seed: string;
  /** Default 100–180, a delivery partner's day. Fewer where the graph has fewer. */
  readonly stopCount?: { readonly min: number; readonly max: number };
};

const STOP_COUNT = { min: 100, max: 180 } as const;
const DWELL_SECONDS = { min: 30, max: 180 } as const;
/** Not every door gets a parcel today. */
const DOORS_SERVED = 0.7;
/** A neighbourhood wider than this is countryside: another centre is tried, a few times. */
const NEIGHBOURHOOD_METERS = 2_500;
const CENTRE_TRIES = 8;

type FlatStop = { readonly node: number; readonly x: number; readonly y: number };

const nearestStops = (
  stops: readonly FlatStop[],
  centre: FlatStop,
  count: number,
): { stops: FlatStop[]; radius: number } => {
  const far = (stop: FlatStop): number => Math.hypot(stop.x - centre.x, stop.y - centre.y);
  const sorted = stops.map((stop) => ({ stop, meters: far(stop) })).sort((one, other) => one.meters - other.meters);
  const near = sorted.slice(0, count);
  return { stops: near.map(({ stop }) => stop), radius: near.at(-1)?.meters ?? 0 };
};

const neighbourhood = (stops: readonly FlatStop[], count: number, random: Random): FlatStop[] => {
  let best = nearestStops(stops, random.pick(stops), count);
  for (let tries = 1; tries < CENTRE_TRIES && best.radius > NEIGHBOURHOOD_METERS; tries++) {
    const other = nearestStops(stops, random.pick(stops), count);
    if (other.radius < best.radius) best = other;
  }
  return best.stops;
};

/** A random part of a list, `count` long. */
const sample = <T>(list: readonly T[], count: number, random: Random): T[] =>
  list
    .map((item) => ({ item, rank: random.next() }))
    .sort((one, other) => one.rank - other.rank)
    .slice(0, count)
    .map(({ item }) => item);

/** Plans a van's tours: each a cluster of stops in one neighbourhood. Throws RangeError on a graph without stops. */
export const createRoutePlanner = ({
  graph,
  depot,
  seed,
  stopCount = STOP_COUNT,
}: RoutePlannerOptions): RoutePlanner => {
  const lonMeters = metersPerDegreeLon(graph.lat[depot] ?? 0);
  const flat = (node: number): FlatStop => ({
    node,
    x: (graph.lon[node] ?? 0) * lonMeters,
    y: (graph.lat[node] ?? 0) * METERS_PER_DEGREE,
  });
  const random = createRandom(seed);
  return (tour) => {
    const drawn = random.stream(`tour ${tour}`);
    // Made anew for each tour: kept for every van it would be the largest thing in memory.
    const doors = Array.from(graph.stops, flat).filter(({ node }) => node !== depot);
    const count = drawn.integer(stopCount.min, stopCount.max);
    const near = neighbourhood(doors, Math.ceil(count / DOORS_SERVED), drawn);
    const ordered = orderStops(flat(depot), sample(near, count, drawn));
    const stops = ordered.map(({ node }) => ({
      node,
      dwellSeconds: drawn.integer(DWELL_SECONDS.min, DWELL_SECONDS.max),
    }));
    return { depot, stops };
  };
};
