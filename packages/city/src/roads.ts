export {
  bearingDegrees,
  METERS_PER_DEGREE,
  metersBetween,
  metersPerDegreeLon,
  type Position,
  turnDegrees,
} from "./roads/geo.ts";
export { graphOf, type RoadGraph } from "./roads/graph.ts";
export { loadRoads } from "./roads/load-roads.ts";
export { createNodeIndex, type NodeIndex } from "./roads/nearest-node.ts";
export { createPathFinder, type Path, type PathFinder } from "./roads/path-finder.ts";
export { ROAD_CLASSES, type RoadClass, SPEED_MPS } from "./roads/road-class.ts";
