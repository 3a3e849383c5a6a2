import { gunzipSync } from "node:zlib";
import { VectorTile, type VectorTileFeature, type VectorTileLayer } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { clipLine } from "./clip-line.ts";
import { TILE_UNITS } from "./grid-units.ts";
import { classNumber, ROAD_CLASSES } from "./road-class.ts";

/** A piece of road in whole grid units; x0, y0, x1, y1, … */
export type RoadLine = {
  readonly xy: readonly number[];
  readonly roadClass: number;
  readonly oneway: boolean;
  readonly level: RoadLevel;
};

/** Roads of different levels pass over one another. */
export type RoadLevel = "tunnel" | "ground" | "bridge";

export type House = { readonly x: number; readonly y: number };

export type DecodedTiles = { readonly lines: readonly RoadLine[]; readonly houses: readonly House[] };

const LINE = 2;
const POINT = 1;
const RAMP = classNumber("ramp");
/** Roads through which nothing is delivered: they only cost nodes. */
const LEFT_OUT: ReadonlySet<unknown> = new Set(["parking_aisle"]);

const classOf = (feature: VectorTileFeature): number => {
  const name = feature.properties["class"];
  const number = ROAD_CLASSES.findIndex((known) => known === name);
  return number !== -1 && feature.properties["ramp"] === 1 ? RAMP : number;
};

const levelOf = (feature: VectorTileFeature): RoadLevel => {
  const brunnel = feature.properties["brunnel"];
  return brunnel === "tunnel" || brunnel === "bridge" ? brunnel : "ground";
};

const featuresOf = (layer: VectorTileLayer | undefined): VectorTileFeature[] =>
  layer === undefined ? [] : Array.from({ length: layer.length }, (_, index) => layer.feature(index));

/** Reads the roads and house numbers of gzipped zoom-14 tiles, each clipped to its own tile. */
export const decodeTiles = (
  tiles: Iterable<{ readonly x: number; readonly y: number; readonly data: Uint8Array }>,
): DecodedTiles => {
  const lines: RoadLine[] = [];
  const houses: House[] = [];
  for (const tile of tiles) {
    const { layers } = new VectorTile(new PbfReader(gunzipSync(tile.data)));
    const west = tile.x * TILE_UNITS;
    const north = tile.y * TILE_UNITS;
    for (const feature of featuresOf(layers["transportation"])) {
      const roadClass = classOf(feature);
      if (feature.type !== LINE || roadClass === -1 || LEFT_OUT.has(feature.properties["service"])) continue;
      const oneway = feature.properties["oneway"] === 1;
      const level = levelOf(feature);
      for (const points of feature.loadGeometry())
        for (const piece of clipLine(points, TILE_UNITS)) {
          const xy = piece.map((value, index) => Math.round(value) + (index % 2 === 0 ? west : north));
          lines.push({ xy, roadClass, oneway, level });
        }
    }
    for (const feature of featuresOf(layers["housenumber"])) {
      if (feature.type !== POINT) continue;
      for (const point of feature.loadGeometry().flat()) {
        const inside = point.x >= 0 && point.x < TILE_UNITS && point.y >= 0 && point.y < TILE_UNITS;
        if (inside) houses.push({ x: west + point.x, y: north + point.y });
      }
    }
  }
  return { lines, houses };
};
