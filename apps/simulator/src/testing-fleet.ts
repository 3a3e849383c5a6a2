import { createPathFinder, type RoadGraph } from "@dsp-fleet/city/roads";
import type { DeadZone } from "./road/dead-zones.ts";
import { createRoutePlanner } from "./route/plan-route.ts";
import { createVehicle, type Vehicle } from "./vehicle/vehicle.ts";

/** A van of a graph; its tours are short, so that a test sees several. */
export const aVan = (
  graph: RoadGraph,
  seed: string,
  more: { deadZones?: readonly DeadZone[]; start?: "depot" | "on-route"; stops?: number } = {},
): Vehicle => {
  const { stops = 8, ...options } = more;
  const routes = createRoutePlanner({ graph, depot: 0, seed, stopCount: { min: stops, max: stops } });
  return createVehicle({ graph, finder: createPathFinder(graph), routes, seed, ...options });
};
