import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { MapColors } from "../style/colors.ts";

/** A fleet that fits on a screen is never folded up in the streets where it drives. */
const smallFleet = 150;

/** Up to this zoom vans that lie on each other fold into circles; closer every van stands for itself. */
export const clusterMaxZoom = (vans: number): number => (vans <= smallFleet ? 9 : 12);

export const vanSources: Readonly<Record<"vans" | "picked", SourceSpecification>> = {
  vans: {
    type: "geojson",
    data: { type: "FeatureCollection", features: [] },
    cluster: true,
    clusterRadius: 40,
    clusterMinPoints: 3,
    clusterMaxZoom: clusterMaxZoom(0),
    clusterProperties: {
      worst: ["max", ["get", "rank"]],
      moving: ["max", ["case", ["==", ["get", "rank"], 0], 1, 0]],
    },
  },
  picked: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
};

type SymbolLayout = NonNullable<Extract<LayerSpecification, { type: "symbol" }>["layout"]>;

const isVan: ExpressionSpecification = ["!", ["has", "point_count"]];

/** Drawn in this order, over all of the base map. */
export function vanLayers(colors: MapColors, font: readonly string[]): LayerSpecification[] {
  const { live, still, stale, dark } = colors.status;
  const calm: ExpressionSpecification = ["case", ["==", ["get", "moving"], 1], live, still];
  const ring: ExpressionSpecification = ["match", ["get", "worst"], 3, dark, 2, stale, calm];
  const icon: SymbolLayout = {
    "icon-image": ["concat", "van-", ["get", "icon"]],
    "icon-rotate": ["get", "heading"],
    "icon-rotation-alignment": "map",
    "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.75, 14, 1],
    "icon-allow-overlap": true,
    "icon-padding": 0,
    // Who is in trouble lies on top.
    "symbol-sort-key": ["get", "rank"],
  };
  const name: SymbolLayout = {
    "text-field": [
      "format",
      ["get", "name"],
      {},
      "  ",
      {},
      ["get", "age"],
      { "font-scale": 0.88, "text-color": colors.labelFaint },
    ],
    "text-font": [...font],
    "text-size": 12,
    "text-anchor": "left",
    // A marker that turns needs more room around it.
    "text-offset": ["match", ["get", "icon"], ["live", "stale-moving"], ["literal", [1.5, 0]], ["literal", [1.2, 0]]],
    "text-max-width": 40,
    "text-padding": 1,
    // Where there is room for one name only, it is that of who is in trouble.
    "symbol-sort-key": ["-", 0, ["get", "rank"]],
  };
  const ink = { "text-color": colors.label, "text-halo-color": colors.halo, "text-halo-width": 1.6 };
  return [
    // Names lie under the markers and are placed after them, so that none is written across a marker.
    { id: "van-names", type: "symbol", source: "vans", filter: isVan, layout: name, paint: ink },
    {
      id: "van-clusters",
      type: "circle",
      source: "vans",
      filter: ["has", "point_count"],
      paint: {
        "circle-color": colors.surface,
        "circle-radius": ["step", ["get", "point_count"], 14, 10, 17, 50, 20, 200, 24],
        "circle-stroke-color": ring,
        "circle-stroke-width": 3,
      },
    },
    {
      id: "van-cluster-counts",
      type: "symbol",
      source: "vans",
      filter: ["has", "point_count"],
      layout: {
        "text-field": ["to-string", ["get", "point_count"]],
        "text-font": [...font],
        "text-size": 12.5,
        "text-allow-overlap": true,
        // As wide as the circle: no name is written across it.
        "text-padding": 14,
      },
      paint: { "text-color": colors.label },
    },
    {
      id: "vans",
      type: "symbol",
      source: "vans",
      filter: isVan,
      layout: icon,
      paint: { "icon-opacity": ["get", "opacity"] },
    },
    {
      id: "picked-halo",
      type: "circle",
      source: "picked",
      paint: {
        "circle-radius": 19,
        "circle-color": colors.accent,
        "circle-opacity": 0.22,
        "circle-stroke-color": colors.accent,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "picked-van",
      type: "symbol",
      source: "picked",
      layout: {
        ...icon,
        ...name,
        "icon-size": 1.1,
        "text-offset": [1.9, 0],
        "text-allow-overlap": true,
        "text-size": 13,
      },
      paint: { ...ink, "icon-opacity": ["get", "opacity"] },
    },
  ];
}
