export type { Bind, BindRequest } from "./enroll.ts";
export { loadCityRoads, NoRoadsError } from "./road/load-city-roads.ts";
export { type FleetOptions, type FleetSummary, runFleet } from "./run.ts";
