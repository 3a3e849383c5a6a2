/** The drivable road classes of the OpenMapTiles schema; ramps (links, slip roads) are one of their own. */
export const ROAD_CLASSES = [
  "motorway",
  "trunk",
  "primary",
  "secondary",
  "tertiary",
  "minor",
  "service",
  "ramp",
] as const;

export type RoadClass = (typeof ROAD_CLASSES)[number];

/** How fast a van may go, in km/h: the usual limits of the road kind in a Spanish city of 2017. */
const SPEED_KMH: Readonly<Record<RoadClass, number>> = {
  motorway: 100,
  trunk: 80,
  primary: 50,
  secondary: 50,
  tertiary: 40,
  minor: 30,
  service: 15,
  ramp: 40,
};

/** Speed limit in m/s by the class's number (its place in ROAD_CLASSES). */
export const SPEED_MPS: Float64Array = Float64Array.from(ROAD_CLASSES, (name) => SPEED_KMH[name] / 3.6);

export const FASTEST_MPS: number = Math.max(...SPEED_MPS);

/** A class's number, as kept in `RoadGraph.edgeClass`. */
export const classNumber = (name: RoadClass): number => ROAD_CLASSES.indexOf(name);

/** Classes along which nobody stops to deliver. */
export const FAST_CLASSES: ReadonlySet<number> = new Set([
  classNumber("motorway"),
  classNumber("trunk"),
  classNumber("ramp"),
]);
