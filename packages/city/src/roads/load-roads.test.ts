import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureCity } from "../ensure-city.ts";
import { temporaryFolder } from "../testing-files.ts";
import { openTiles } from "../tiles.ts";
import type { RoadGraph } from "./graph.ts";
import { loadRoads } from "./load-roads.ts";
import { createNodeIndex } from "./nearest-node.ts";
import { createPathFinder } from "./path-finder.ts";
import { largestStrongComponent } from "./strong-component.ts";

/** The first run on a machine fetches 45 MB. */
const FETCH_MS = 120_000;

describe("the real city", () => {
  let path: string;
  let roads: RoadGraph;
  beforeAll(async () => {
    path = await ensureCity();
    roads = await loadRoads(path);
  }, FETCH_MS);

  test("has thousands of stops, and from everywhere a way to everywhere", () => {
    expect(roads.nodeCount).toBeGreaterThan(150_000);
    expect(roads.stops.length).toBeGreaterThan(5_000);
    const mutual = largestStrongComponent(roads.firstEdge, roads.edgeTarget);
    expect(mutual.every((mark) => mark === 1)).toBe(true);
    const finder = createPathFinder(roads);
    for (let node = 1; node < roads.nodeCount; node += 9_973) expect(finder.shortestPath(node, 0)).not.toBeNull();
  });

  test("leads from the square in its middle to the airport on a way of a sensible length", () => {
    const index = createNodeIndex(roads);
    const square = index.nearest(41.387, 2.17).node;
    const airport = index.nearest(41.289, 2.074).node;
    const path = createPathFinder(roads).shortestPath(square, airport);
    expect(path?.meters).toBeGreaterThan(13_500);
    expect(path?.meters).toBeLessThan(22_000);
  });

  test(
    "is built again when its file is damaged, and then read from the file",
    async () => {
      await using folder = await temporaryFolder();
      const tiles = join(folder.path, "town.mbtiles");
      await symlink(path, tiles);
      await writeFile(join(folder.path, "town.roads"), "damaged");
      const said: string[] = [];
      const load = (): Promise<RoadGraph> => loadRoads(tiles, (text) => said.push(text));
      const built = await load();
      expect(built.edgeCount).toBe(roads.edgeCount);
      expect(await load()).toEqual(built);
      expect(said).toHaveLength(1);
    },
    FETCH_MS,
  );

  test("has gzipped tiles at the zooms of the world and of the city", () => {
    using tiles = openTiles(path);
    for (const [z, x, y] of [
      [0, 0, 0],
      [5, 16, 11],
      [10, 518, 382],
      [14, 8290, 6120],
    ] as const)
      expect(tiles.tile(z, x, y)?.subarray(0, 2)).toEqual(Uint8Array.of(0x1f, 0x8b));
    expect(tiles.metadata.layers).toContain("transportation");
  });
});
