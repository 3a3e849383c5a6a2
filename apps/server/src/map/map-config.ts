import type { MapTiles } from "./tiles.ts";

/** What the web app needs to draw the map. */
export type MapConfig = {
  /** A MapLibre style, or `local`: drawn from /map/tiles by the app's own styles. */
  readonly styleUrl: string;
  readonly hasCity: boolean;
  /** Of the local city: west, south, east, north. */
  readonly bounds: readonly [number, number, number, number] | null;
  readonly center: { readonly lon: number; readonly lat: number; readonly zoom: number } | null;
  readonly maxZoom: number | null;
  /** HTML, to be shown on the map. */
  readonly attribution: string | null;
};

export function mapConfig(styleUrl: string, tiles: MapTiles | null): MapConfig {
  if (tiles === null) return { styleUrl, hasCity: false, bounds: null, center: null, maxZoom: null, attribution: null };
  const { bounds, center, maxZoom, attribution } = tiles.metadata;
  return { styleUrl, hasCity: true, bounds, center, maxZoom, attribution };
}
