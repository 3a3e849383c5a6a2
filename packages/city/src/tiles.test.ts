import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { temporaryFolder } from "./testing-files.ts";
import { openTiles } from "./tiles.ts";

const makeTiles = (path: string): void => {
  using database = new DatabaseSync(path);
  database.exec(`CREATE TABLE metadata (name TEXT, value TEXT);
    CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)`);
  const describe = database.prepare("INSERT INTO metadata VALUES (?, ?)");
  for (const [name, value] of Object.entries({
    name: "Town",
    minzoom: "0",
    maxzoom: "14",
    bounds: "1.898,41.246,2.312,41.533",
    center: "2.105,41.3895,14",
    attribution: "© Somebody",
    json: '{"vector_layers":[{"id":"water"},{"id":"transportation"}]}',
  }))
    describe.run(name, value);
  database.prepare("INSERT INTO tiles VALUES (3, 1, 2, ?)").run(Uint8Array.of(31, 139, 8));
};

test("a tile is found under its XYZ number although the file counts rows from the south", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "town.mbtiles");
  makeTiles(path);
  using tiles = openTiles(path);
  expect(tiles.tile(3, 1, 5)).toEqual(Uint8Array.of(31, 139, 8));
  expect([...tiles.tilesOfZoom(3)]).toEqual([{ x: 1, y: 5, data: Uint8Array.of(31, 139, 8) }]);
});

test("where there is no tile the answer is null, also for numbers that no map has", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "town.mbtiles");
  makeTiles(path);
  using tiles = openTiles(path);
  for (const [z, x, y] of [
    [3, 1, 2],
    [3, -1, 5],
    [-1, 0, 0],
    [3.5, 1, 5],
    [3, 1.5, 5],
    [99, 1, 1],
    [3, Number.NaN, 5],
  ] as const)
    expect(tiles.tile(z, x, y)).toBeNull();
});

test("bounds, centre, zooms, layers and attribution come from the file", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "town.mbtiles");
  makeTiles(path);
  using tiles = openTiles(path);
  expect(tiles.metadata).toEqual({
    name: "Town",
    minZoom: 0,
    maxZoom: 14,
    bounds: [1.898, 41.246, 2.312, 41.533],
    center: { lon: 2.105, lat: 41.3895, zoom: 14 },
    layers: ["water", "transportation"],
    attribution: "© Somebody",
  });
});

test("a file that is not an mbtiles is refused", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "town.mbtiles");
  await writeFile(path, "no database");
  expect(() => openTiles(path)).toThrow("not a database");
});
