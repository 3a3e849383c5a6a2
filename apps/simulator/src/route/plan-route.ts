import { METERS_PER_DEGREE, metersPerDegreeLon, type RoadGraph } from "@dsp-fleet/city/roads";
import { createRandom, type Random } from "../random.ts";
import { type FlatPoint, orderStops } from "./order-stops.ts";

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

/** A graph's stop on a flat map, in metres. */
type FlatStop = FlatPoint & { readonly node: number };
type Project = (node: number) => FlatStop;

/** The stops nearest to a centre, and how far the last of them is. */
const nearestStops = (
  stops: Uint32Array,
  project: Project,
  centre: number,
  count: number,
): { readonly stops: FlatStop[]; readonly radiusMeters: number } => {
  const { x, y } = project(centre);
  const squares = new Float64Array(stops.length);
  for (const [at, node] of stops.entries()) {
    const stop = project(node);
    squares[at] = (stop.x - x) ** 2 + (stop.y - y) ** 2;
  }
  const farthest = squares.toSorted()[Math.min(count, stops.length) - 1] ?? 0;
  const near = stops.filter((_, at) => (squares[at] ?? 0) <= farthest);
  return { stops: Array.from(near.subarray(0, count), project), radiusMeters: Math.sqrt(farthest) };
};

const neighbourhood = (stops: Uint32Array, project: Project, count: number, random: Random): FlatStop[] => {
  let best = nearestStops(stops, project, random.pick(stops), count);
  for (let tries = 1; tries < CENTRE_TRIES && best.radiusMeters > NEIGHBOURHOOD_METERS; tries++) {
    const other = nearestStops(stops, project, random.pick(stops), count);
    if (other.radiusMeters < best.radiusMeters) best = other;
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

/** Plans a van's tours: each a cluster of stops in one neighbourhood. A tour throws RangeError on a graph without stops. */
export const createRoutePlanner = ({
  graph,
  depot,
  seed,
  stopCount = STOP_COUNT,
}: RoutePlannerOptions): RoutePlanner => {
  const lonMeters = metersPerDegreeLon(graph.lat[depot] ?? 0);
  const project: Project = (node) => ({
    node,
    x: (graph.lon[node] ?? 0) * lonMeters,
    y: (graph.lat[node] ?? 0) * METERS_PER_DEGREE,
  });
  const random = createRandom(seed);
  return (tour) => {
    const drawn = random.stream(`tour ${tour}`);
    const count = drawn.integer(stopCount.min, stopCount.max);
    const near = neighbourhood(graph.stops, project, Math.ceil(count / DOORS_SERVED), drawn);
    const served = sample(
      near.filter(({ node }) => node !== depot),
      count,
      drawn,
    );
    const stops = orderStops(project(depot), served).map(({ node }) => ({
      node,
      dwellSeconds: drawn.integer(DWELL_SECONDS.min, DWELL_SECONDS.max),
    }));
    return { depot, stops };
  };
};
