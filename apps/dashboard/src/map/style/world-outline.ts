import { feature, mesh } from "topojson-client";
import type { Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";

// A topology is JSON, whose words TypeScript reads as any text.
const topology = world as unknown as Topology;
const { countries, land } = topology.objects;
if (countries === undefined || land === undefined) throw new Error("the outline of the world is not what it was");

/** Land of the whole world, coarse: for maps that have nothing better. */
export const worldLand = feature(topology, land);
/** Borders between countries. */
export const worldBorders = mesh(topology, countries as never, (a, b) => a !== b);
