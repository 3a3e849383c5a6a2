import type { PathFinder, RoadGraph } from "@dsp-fleet/city/roads";
import { createRandom } from "../random.ts";
import { type DeadZone, hasNetwork } from "../road/dead-zones.ts";
import type { RoutePlanner } from "../route/plan-route.ts";
import { createBattery } from "./battery.ts";
import { type Activity, createDrive, type DriveState } from "./drive.ts";
import { createGps } from "./gps.ts";

/** What the phone in a van knows at one moment; the fields of a LocationSample, and the network. */
export type Reading = {
  readonly lat: number;
  readonly lon: number;
  readonly speedMps: number;
  /** Clockwise from north, [0, 360). A standing van keeps its last heading. */
  readonly headingDegrees: number;
  readonly accuracyMeters: number;
  readonly batteryPercent: number;
  readonly state: "driving" | "stopped";
  /** False in a dead zone and in a tunnel: nothing can be sent. */
  readonly hasNetwork: boolean;
};

export type Progress = {
  readonly activity: Activity;
  readonly tour: number;
  readonly stopsDone: number;
  readonly stopsTotal: number;
};

export type Vehicle = {
  /** This moment's reading; asking twice gives the same. */
  readonly at: () => Reading;
  /** Lets time pass, any number of seconds, and reads. One second at a time gives the smoothest track. */
  readonly step: (seconds: number) => Reading;
  readonly progress: () => Progress;
  /** Where the van truly is, without the receiver's error. */
  readonly truth: () => Readonly<DriveState>;
};

export type VehicleOptions = {
  readonly graph: RoadGraph;
  /** May be shared by all vans of a thread: it is used within a step only. */
  readonly finder: PathFinder;
  /** From `createRoutePlanner`. */
  readonly routes: RoutePlanner;
  /** The same seed and the same steps give the same readings. */
  readonly seed: string;
  readonly deadZones?: readonly DeadZone[];
  /** `on-route` begins at one of the first tour's stops, so that a fleet is spread over the city at once. Default: depot. */
  readonly start?: "depot" | "on-route";
};

/** Longer steps are cut, so that battery and receiver follow the van. */
const LONGEST_STEP_SECONDS = 5;
/** Slower is standing, for a phone. */
const STOPPED_BELOW_MPS = 0.2;

const rounded = (value: number, perUnit: number): number => Math.round(value * perUnit) / perUnit;

/** A van that delivers without end on the roads of a graph. Costs a few microseconds a step. */
export const createVehicle = ({
  graph,
  finder,
  routes,
  seed,
  deadZones = [],
  start = "depot",
}: VehicleOptions): Vehicle => {
  const random = createRandom(seed);
  const drive = createDrive({ graph, finder, routes, random: random.stream("drive"), start });
  const battery = createBattery(random.stream("battery"));
  const gps = createGps(random.stream("gps"));
  const van = drive.state;

  const read = (): Reading => {
    const inTunnel = van.edge !== null && graph.edgeTunnel[van.edge] === 1;
    const fix = gps.fix(van.lat, van.lon);
    return {
      lat: rounded(fix.lat, 1e6),
      lon: rounded(fix.lon, 1e6),
      speedMps: rounded(van.speedMps, 100),
      headingDegrees: rounded(van.headingDegrees, 10) % 360,
      accuracyMeters: rounded(gps.accuracyMeters(), 10),
      batteryPercent: rounded(battery.percent(), 10),
      state: van.speedMps < STOPPED_BELOW_MPS ? "stopped" : "driving",
      hasNetwork: !inTunnel && hasNetwork(deadZones, van.lat, van.lon),
    };
  };
  let reading = read();

  return {
    at: () => reading,
    step(seconds) {
      for (let left = seconds; left > 0; left -= LONGEST_STEP_SECONDS) {
        const part = Math.min(left, LONGEST_STEP_SECONDS);
        drive.advance(part);
        battery.advance(part, van.activity === "loading");
        gps.advance(part, {
          roadClass: van.edge === null ? null : (graph.edgeClass[van.edge] ?? null),
          inTunnel: van.edge !== null && graph.edgeTunnel[van.edge] === 1,
          hasNetwork: reading.hasNetwork,
        });
      }
      reading = read();
      return reading;
    },
    progress: () => ({ activity: van.activity, tour: van.tour, stopsDone: van.stopsDone, stopsTotal: van.stopsTotal }),
    truth: () => van,
  };
};
