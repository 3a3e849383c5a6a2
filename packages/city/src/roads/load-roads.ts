import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openTiles } from "../tiles.ts";
import { buildGraph } from "./build-graph.ts";
import { decodeTiles } from "./decode-tiles.ts";
import type { RoadGraph } from "./graph.ts";
import { decodeGraph, encodeGraph } from "./graph-file.ts";

/** Goes up with every change to how the graph is made, so that no kept graph outlives its rules. */
const BUILD_VERSION = 2;
/** The zoom that has every road. */
const ROAD_ZOOM = 14;

/** Decodes the mbtiles and builds the graph; takes seconds. */
const buildFrom = (tilesPath: string): RoadGraph => {
  using tiles = openTiles(tilesPath);
  return buildGraph(decodeTiles(tiles.tilesOfZoom(ROAD_ZOOM)));
};

/** Writes whole or not at all. A cache that cannot be written costs time at the next start, nothing else. */
const keep = async (path: string, file: Uint8Array, log: (text: string) => void): Promise<void> => {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, file);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    log(`The road graph could not be kept: ${String(error)}`);
  }
};

/** The road graph of a city's mbtiles (from `ensureCity`); built once, then read from a file beside it. */
export const loadRoads = async (
  tilesPath: string,
  log: (text: string) => void = () => undefined,
): Promise<RoadGraph> => {
  const version = `${basename(tilesPath)} build ${BUILD_VERSION}`;
  const path = join(dirname(tilesPath), `${basename(tilesPath, ".mbtiles")}.roads`);
  const kept = await readFile(path).catch(() => undefined);
  const known = kept && decodeGraph(kept, version);
  if (known) return known;
  log("Reading the city's roads (once) …");
  const graph = buildFrom(tilesPath);
  await keep(path, encodeGraph(graph, version), log);
  return graph;
};
