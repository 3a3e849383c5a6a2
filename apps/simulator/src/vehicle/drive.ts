import { bearingDegrees, type PathFinder, type RoadGraph } from "@dsp-fleet/city/roads";
import type { Random } from "../random.ts";
import type { Route, RoutePlanner } from "../route/plan-route.ts";
import { ACCELERATION_MPS2, BRAKING_MPS2, type Leg, planLeg } from "./leg.ts";

/**
 * What a van is about. It never ends:
 *
 *   loading ──> to-stop ──> delivering ──┬─> to-stop          (stops left)
 *      ^                                 └─> to-depot ──┐     (all delivered)
 *      └────────────────────────────────────────────────┘
 */
export type Activity = "loading" | "to-stop" | "delivering" | "to-depot";

export type DriveState = {
  activity: Activity;
  tour: number;
  /** Stops of this tour that are done. */
  stopsDone: number;
  stopsTotal: number;
  /** Where the van truly is. */
  lat: number;
  lon: number;
  speedMps: number;
  headingDegrees: number;
  /** The edge it is on; null where it stands at a depot or a stop. */
  edge: number | null;
};

export type Drive = { readonly state: Readonly<DriveState>; readonly advance: (seconds: number) => void };

/** Longer steps are cut: speeds are settled once in each. */
const LONGEST_STEP_SECONDS = 1;
/** A driving van never quite stands, else it would not arrive. */
const CREEP_MPS = 0.3;
const LOADING_SECONDS = { min: 600, max: 1500 } as const;

export type DriveOptions = {
  readonly graph: RoadGraph;
  readonly finder: PathFinder;
  readonly routes: RoutePlanner;
  readonly random: Random;
  readonly start: "depot" | "on-route";
};

/** Moves a van along its tours. Each drive is planned when it begins, so a day's planning is spread over the day. */
export const createDrive = ({ graph, finder, routes, random, start }: DriveOptions): Drive => {
  let route: Route = routes(0);
  let leg: Leg | null = null;
  /** The leg's edge the van is on, and how far along. */
  let at = 0;
  let along = 0;
  /** Left to stand: at a stop, at the depot, at a red light. */
  let standSeconds = 0;
  let node = route.depot;

  const state: DriveState = {
    activity: "loading",
    tour: 0,
    stopsDone: 0,
    stopsTotal: route.stops.length,
    lat: graph.lat[node] ?? 0,
    lon: graph.lon[node] ?? 0,
    speedMps: 0,
    headingDegrees: 0,
    edge: null,
  };

  const standAt = (place: number): void => {
    leg = null;
    node = place;
    state.edge = null;
    state.speedMps = 0;
    state.lat = graph.lat[place] ?? 0;
    state.lon = graph.lon[place] ?? 0;
  };

  const load = (): void => {
    state.activity = "loading";
    standSeconds = random.between(LOADING_SECONDS.min, LOADING_SECONDS.max);
  };

  const deliver = (): void => {
    state.activity = "delivering";
    standSeconds = route.stops[state.stopsDone]?.dwellSeconds ?? 0;
  };

  const arrive = (place: number): void => {
    standAt(place);
    if (state.activity === "to-stop") deliver();
    else load();
  };

  const enterEdge = (drive: Leg, index: number): void => {
    at = index;
    along = 0;
    const a = drive.nodes[index] ?? 0;
    const b = drive.nodes[index + 1] ?? 0;
    state.edge = drive.edges[index] ?? null;
    state.headingDegrees = bearingDegrees(graph.lat[a] ?? 0, graph.lon[a] ?? 0, graph.lat[b] ?? 0, graph.lon[b] ?? 0);
  };

  const driveTo = (place: number): void => {
    const path = finder.shortestPath(node, place);
    if (path === null) throw new Error(`no road from node ${node} to ${place}`);
    if (path.edges.length === 0) return arrive(place);
    leg = planLeg(graph, path, random);
    enterEdge(leg, 0);
  };

  const goOn = (): void => {
    switch (state.activity) {
      case "loading":
        if (state.stopsDone > 0) {
          state.tour += 1;
          route = routes(state.tour);
          state.stopsDone = 0;
          state.stopsTotal = route.stops.length;
        }
        break;
      case "delivering":
        state.stopsDone += 1;
        break;
      case "to-stop":
      case "to-depot":
        return;
    }
    const next = route.stops[state.stopsDone];
    state.activity = next ? "to-stop" : "to-depot";
    driveTo(next?.node ?? route.depot);
  };

  /** Drives on for at most so long; returns the time that is left when the edge ended before. */
  const driveOn = (drive: Leg, seconds: number): number => {
    const meters = graph.edgeMeters[drive.edges[at] ?? 0] ?? 0;
    const exit = drive.exitMps[at] ?? 0;
    const allowed = (): number =>
      Math.min(drive.cruiseMps[at] ?? 0, Math.sqrt(exit * exit + 2 * BRAKING_MPS2 * Math.max(0, meters - along)));
    const speed = Math.max(CREEP_MPS, Math.min(state.speedMps + ACCELERATION_MPS2 * seconds, allowed()));
    const secondsToEnd = (meters - along) / speed;
    if (secondsToEnd > seconds) {
      along += speed * seconds;
      state.speedMps = Math.min(speed, Math.max(CREEP_MPS, allowed()));
      return 0;
    }
    state.speedMps = Math.min(state.speedMps + ACCELERATION_MPS2 * secondsToEnd, speed, exit);
    along = meters;
    if (at + 1 === drive.edges.length) arrive(drive.nodes[at + 1] ?? 0);
    else {
      standSeconds = drive.waitSeconds[at] ?? 0;
      enterEdge(drive, at + 1);
    }
    return seconds - secondsToEnd;
  };

  const place = (drive: Leg): void => {
    const a = drive.nodes[at] ?? 0;
    const b = drive.nodes[at + 1] ?? 0;
    const meters = graph.edgeMeters[drive.edges[at] ?? 0] ?? 0;
    const part = meters > 0 ? Math.min(1, along / meters) : 0;
    state.lat = (graph.lat[a] ?? 0) + ((graph.lat[b] ?? 0) - (graph.lat[a] ?? 0)) * part;
    state.lon = (graph.lon[a] ?? 0) + ((graph.lon[b] ?? 0) - (graph.lon[a] ?? 0)) * part;
  };

  const step = (seconds: number): void => {
    let left = seconds;
    while (left > 0) {
      if (standSeconds > 0) {
        const stood = Math.min(standSeconds, left);
        standSeconds -= stood;
        left -= stood;
      } else if (leg === null) goOn();
      else left = driveOn(leg, left);
    }
    if (leg !== null) place(leg);
  };

  if (start === "on-route" && route.stops.length > 0) {
    state.stopsDone = random.integer(0, route.stops.length - 1);
    standAt(route.stops[state.stopsDone]?.node ?? node);
    deliver();
    standSeconds *= random.next();
  } else load();

  return {
    state,
    advance(seconds) {
      for (let left = seconds; left > 0; left -= LONGEST_STEP_SECONDS) step(Math.min(left, LONGEST_STEP_SECONDS));
    },
  };
};
