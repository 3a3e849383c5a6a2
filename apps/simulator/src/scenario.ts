import { createPathFinder, type RoadGraph } from "@dsp-fleet/city/roads";
import type { VanPlan } from "./fleet.ts";
import { createDeadZones } from "./road/dead-zones.ts";
import { depotNodes } from "./route/depots.ts";
import { createRoutePlanner } from "./route/plan-route.ts";
import { createVehicle, type Vehicle } from "./vehicle/vehicle.ts";

export type Scenario = {
  /** The van as it is after so many seconds of driving since the fleet's first start. */
  readonly vehicle: (plan: VanPlan, elapsedSeconds: number) => Vehicle;
};

/** A restart drives a van's last hours again; longer ones begin anew, so that a start stays quick. */
const LONGEST_REPLAY_SECONDS = 2 * 3600;

export const createScenario = (graph: RoadGraph, seed: number): Scenario => {
  const depots = depotNodes(graph);
  const deadZones = createDeadZones(graph, String(seed));
  const finder = createPathFinder(graph);
  let next = 0;
  return {
    vehicle(plan, elapsedSeconds) {
      const depot = depots[next++ % depots.length] ?? 0;
      const routes = createRoutePlanner({ graph, depot, seed: plan.seed });
      const vehicle = createVehicle({ graph, finder, routes, seed: plan.seed, deadZones, start: "on-route" });
      vehicle.step(elapsedSeconds % LONGEST_REPLAY_SECONDS);
      return vehicle;
    },
  };
};
