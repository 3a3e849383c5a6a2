import type { MultiLineString, Polygon, Position } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { MapConfig } from "../map-config.ts";
import { type MapColors, mapColors, type Scheme } from "./colors.ts";

/** The zooms that the tiles have of the whole world; deeper ones are of the city alone. */
const worldMaxZoom = 5;
const cityMaxZoom = 14;

/** The own style over OpenMapTiles vector tiles of this server. Without `glyphs`, so names are drawn with local fonts. */
export async function localStyle(scheme: Scheme, config: MapConfig, origin: string): Promise<StyleSpecification> {
  const colors = mapColors[scheme];
  const tiles = [`${origin}/map/tiles/{z}/{x}/{y}`];
  if (!config.hasCity) return bareStyle(colors);
  const [west, south, east, north] = config.bounds;
  const ground: Polygon = {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
  return {
    version: 8,
    sources: {
      world: { type: "vector", tiles, maxzoom: worldMaxZoom, attribution: config.attribution },
      city: { type: "vector", tiles, minzoom: worldMaxZoom + 1, maxzoom: cityMaxZoom, bounds: config.bounds },
      "city-ground": { type: "geojson", data: ground },
    },
    layers: [landLayer(colors), ...worldLayers(colors), ...cityLayers(colors)],
  };
}

/** A server without tiles still shows where the vans are in the world: coasts and borders, and a grid of whole degrees. */
async function bareStyle(colors: MapColors): Promise<StyleSpecification> {
  const { worldBorders, worldLand } = await import("./world-outline.ts");
  const line = (id: string, source: string, color: string): LayerSpecification => ({
    id,
    type: "line",
    source,
    paint: { "line-color": color, "line-width": 0.8 },
  });
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: worldLand, attribution: "Natural Earth" },
      borders: { type: "geojson", data: worldBorders },
      grid: { type: "geojson", data: degreeGrid() },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colors.water } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": colors.land } },
      line("borders", "borders", colors.border),
      { ...line("grid", "grid", colors.rail), minzoom: 4 },
    ],
  };
}

function degreeGrid(): MultiLineString {
  const lines: Position[][] = [];
  for (let lon = -180; lon <= 180; lon += 1)
    lines.push([
      [lon, -85],
      [lon, 85],
    ]);
  for (let lat = -85; lat <= 85; lat += 1)
    lines.push([
      [-180, lat],
      [180, lat],
    ]);
  return { type: "MultiLineString", coordinates: lines };
}

const landLayer = (colors: MapColors): LayerSpecification => ({
  id: "land",
  type: "background",
  paint: { "background-color": colors.land },
});

const font = ["Inter Variable"];
const named = ["coalesce", ["get", "name:latin"], ["get", "name"]] as const;

const worldLayers = (colors: MapColors): LayerSpecification[] => [
  {
    id: "world-water",
    type: "fill",
    source: "world",
    "source-layer": "water",
    paint: { "fill-color": colors.water },
  },
  {
    id: "world-border",
    type: "line",
    source: "world",
    "source-layer": "boundary",
    filter: ["all", ["<=", ["get", "admin_level"], 2], ["!=", ["get", "maritime"], 1]],
    paint: { "line-color": colors.border, "line-width": 0.8 },
  },
  {
    id: "world-country",
    type: "symbol",
    source: "world",
    "source-layer": "place",
    maxzoom: 7,
    filter: ["==", ["get", "class"], "country"],
    layout: { "text-field": named as never, "text-font": font, "text-size": 12, "text-max-width": 6 },
    paint: { "text-color": colors.nameFaint, "text-halo-color": colors.land, "text-halo-width": 1.2 },
  },
];

const width = (...stops: number[]) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops] as never;
const isOf = (...classes: string[]) => ["in", ["get", "class"], ["literal", classes]] as never;

const cityLayers = (colors: MapColors): LayerSpecification[] => {
  const city = (layer: string) => ({ source: "city", "source-layer": layer });
  const halo = { "text-halo-color": colors.land, "text-halo-width": 1.2 };
  return [
    { id: "ground", type: "fill", source: "city-ground", minzoom: 9, paint: { "fill-color": colors.land } },
    {
      id: "landuse",
      type: "fill",
      ...city("landuse"),
      filter: isOf("residential", "commercial", "industrial", "retail", "railway"),
      paint: { "fill-color": colors.built },
    },
    {
      id: "green",
      type: "fill",
      ...city("landcover"),
      filter: isOf("wood", "grass", "farmland"),
      paint: { "fill-color": colors.green, "fill-opacity": 0.8 },
    },
    { id: "park", type: "fill", ...city("park"), paint: { "fill-color": colors.green } },
    { id: "water", type: "fill", ...city("water"), paint: { "fill-color": colors.water } },
    {
      id: "river",
      type: "line",
      ...city("waterway"),
      paint: { "line-color": colors.water, "line-width": width(9, 0.6, 14, 2, 18, 8) },
    },
    {
      id: "runway",
      type: "line",
      ...city("aeroway"),
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": colors.roadMain, "line-width": width(11, 1, 16, 18) },
    },
    {
      id: "building",
      type: "fill",
      ...city("building"),
      minzoom: 13.5,
      paint: {
        "fill-color": colors.building,
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13.5, 0, 15, 1],
      },
    },
    {
      id: "rail",
      type: "line",
      ...city("transportation"),
      filter: isOf("rail", "transit"),
      minzoom: 11,
      paint: { "line-color": colors.rail, "line-width": width(11, 0.5, 16, 2) },
    },
    {
      id: "road-small",
      type: "line",
      ...city("transportation"),
      filter: isOf("minor", "service", "track"),
      minzoom: 12.5,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": colors.road, "line-width": width(12.5, 0.4, 15, 3, 18, 16) },
    },
    {
      id: "road-middle",
      type: "line",
      ...city("transportation"),
      filter: isOf("secondary", "tertiary"),
      minzoom: 10,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": colors.roadMain, "line-width": width(10, 0.5, 14, 3, 18, 22) },
    },
    {
      id: "road-main",
      type: "line",
      ...city("transportation"),
      filter: isOf("motorway", "trunk", "primary"),
      minzoom: 7,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": colors.roadMain, "line-width": width(7, 0.6, 12, 2.2, 14, 4.5, 18, 28) },
    },
    {
      id: "road-name",
      type: "symbol",
      ...city("transportation_name"),
      minzoom: 14.5,
      layout: {
        "symbol-placement": "line",
        "text-field": named as never,
        "text-font": font,
        "text-size": 10.5,
        "text-padding": 12,
      },
      paint: { "text-color": colors.nameFaint, ...halo },
    },
    {
      id: "water-name",
      type: "symbol",
      ...city("water_name"),
      layout: { "text-field": named as never, "text-font": font, "text-size": 11, "text-max-width": 6 },
      paint: { "text-color": colors.waterName, "text-halo-color": colors.water, "text-halo-width": 1 },
    },
    {
      id: "quarter",
      type: "symbol",
      ...city("place"),
      minzoom: 11.5,
      filter: isOf("suburb", "neighbourhood", "quarter"),
      layout: {
        "text-field": named as never,
        "text-font": font,
        "text-size": 10.5,
        "text-max-width": 7,
        "text-padding": 14,
      },
      paint: { "text-color": colors.nameFaint, ...halo },
    },
    {
      id: "town",
      type: "symbol",
      ...city("place"),
      filter: isOf("city", "town", "village"),
      layout: {
        "text-field": named as never,
        "text-font": font,
        "text-size": ["match", ["get", "class"], "city", 15, "town", 12.5, 11],
        "symbol-sort-key": ["coalesce", ["get", "rank"], 20],
        "text-max-width": 8,
        "text-padding": 8,
      },
      paint: { "text-color": colors.name, ...halo },
    },
  ];
};
