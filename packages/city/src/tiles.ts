import { DatabaseSync } from "node:sqlite";

/** West, south, east, north in degrees. */
export type Bounds = readonly [west: number, south: number, east: number, north: number];

export type TilesMetadata = {
  readonly name: string;
  readonly minZoom: number;
  readonly maxZoom: number;
  /** Of the city. Zooms 0–5 cover the whole world. */
  readonly bounds: Bounds;
  readonly center: { readonly lon: number; readonly lat: number; readonly zoom: number };
  readonly layers: readonly string[];
  /** As the file states it, HTML. */
  readonly attribution: string;
};

export type Tiles = Disposable & {
  readonly metadata: TilesMetadata;
  /** A vector tile in XYZ numbering, gzipped as stored (`Content-Encoding: gzip`); null where there is none. */
  readonly tile: (z: number, x: number, y: number) => Uint8Array | null;
  /** All tiles of one zoom, in a fixed order. */
  readonly tilesOfZoom: (z: number) => Iterable<{ readonly x: number; readonly y: number; readonly data: Uint8Array }>;
};

const numbersIn = (list: string, count: number): number[] => {
  const numbers = list.split(",").map(Number);
  if (numbers.length !== count || !numbers.every(Number.isFinite))
    throw new Error(`mbtiles: not ${count} numbers: ${list}`);
  return numbers;
};

const layerNames = (json: string): string[] => {
  const parsed: unknown = JSON.parse(json);
  const layers = typeof parsed === "object" && parsed !== null && "vector_layers" in parsed ? parsed.vector_layers : [];
  if (!Array.isArray(layers)) return [];
  return layers.flatMap((layer: unknown) =>
    typeof layer === "object" && layer !== null && "id" in layer && typeof layer.id === "string" ? [layer.id] : [],
  );
};

const readMetadata = (database: DatabaseSync): TilesMetadata => {
  const rows = database.prepare("SELECT name, value FROM metadata").all();
  const values = new Map(rows.map((row) => [String(row["name"]), String(row["value"])]));
  const value = (name: string): string => {
    const found = values.get(name);
    if (found === undefined) throw new Error(`mbtiles: no metadata "${name}"`);
    return found;
  };
  const [west = 0, south = 0, east = 0, north = 0] = numbersIn(value("bounds"), 4);
  const [lon = 0, lat = 0, zoom = 0] = numbersIn(value("center"), 3);
  return {
    name: value("name"),
    minZoom: Number(value("minzoom")),
    maxZoom: Number(value("maxzoom")),
    bounds: [west, south, east, north],
    center: { lon, lat, zoom },
    layers: layerNames(value("json")),
    attribution: value("attribution"),
  };
};

const blob = (value: unknown): Uint8Array => {
  if (!(value instanceof Uint8Array)) throw new Error("mbtiles: a tile is not a blob");
  return value;
};

/** Opens an mbtiles file read-only. Throws when it is not one. */
export const openTiles = (path: string): Tiles => {
  const database = new DatabaseSync(path, { readOnly: true });
  const one = database.prepare("SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?");
  const ofZoom = database.prepare(
    "SELECT tile_column, tile_row, tile_data FROM tiles WHERE zoom_level = ? ORDER BY tile_column, tile_row",
  );
  return {
    metadata: readMetadata(database),
    tile(z, x, y) {
      if (!Number.isInteger(z) || z < 0 || z > 30) return null;
      // mbtiles number their rows from the south (TMS), maps from the north (XYZ).
      const row = one.get(z, x, 2 ** z - 1 - y);
      return row === undefined ? null : blob(row["tile_data"]);
    },
    *tilesOfZoom(z) {
      for (const row of ofZoom.iterate(z))
        yield { x: Number(row["tile_column"]), y: 2 ** z - 1 - Number(row["tile_row"]), data: blob(row["tile_data"]) };
    },
    [Symbol.dispose]() {
      database.close();
    },
  };
};
