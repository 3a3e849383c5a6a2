import { createNodeIndex, type Position, type RoadGraph } from "@dsp-fleet/city/roads";

/** Logistics quarters of Barcelona where delivery stations stand. */
const BARCELONA_DEPOTS: Readonly<Record<"zonaFranca" | "bonPastor", Position>> = {
  zonaFranca: { lat: 41.3412, lon: 2.1271 },
  bonPastor: { lat: 41.4405, lon: 2.2071 },
};

/** The road node at whose gate each depot stands. */
export const depotNodes = (
  graph: RoadGraph,
  depots: readonly Position[] = Object.values(BARCELONA_DEPOTS),
): number[] => {
  const index = createNodeIndex(graph);
  return depots.map(({ lat, lon }) => index.nearest(lat, lon).node);
};
