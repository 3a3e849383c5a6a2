import { AttributionControl, type GeoJSONSource, Map as MapLibreMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { DeviceTable } from "../live/device-table.ts";
import type { LonLat } from "./ease.ts";
import { drawIcons, iconPixelRatio } from "./icons.ts";
import { clusterMaxZoom, vanLayers, vanSources } from "./layers/van-layers.ts";
import type { MapConfig } from "./map-config.ts";
import { createMarkerUpdater } from "./marker-updater.ts";
import { type ChosenStyle, chooseStyle } from "./style/choose-style.ts";
import { mapColors, type Scheme } from "./style/colors.ts";

export type MapEngine = Disposable & {
  readonly setScheme: (scheme: Scheme) => void;
  /** The van with the halo; it is brought into view if it is not. */
  readonly pick: (id: number | null) => void;
  readonly follow: (id: number | null) => void;
  /** How much of the map other things cover, in pixels. */
  readonly setCovered: (covered: { right: number; bottom: number }) => void;
  readonly fitAll: () => void;
  readonly zoomBy: (steps: number) => void;
};

export type MapEngineOptions = {
  readonly container: HTMLElement;
  readonly config: MapConfig;
  readonly scheme: Scheme;
  readonly table: DeviceTable;
  readonly now: () => number;
  readonly onSecond: (listener: () => void) => () => void;
  readonly ageText: (ms: number) => string;
  readonly label: string;
  readonly fetch: typeof fetch;
  /** A van was pressed; null for empty ground. */
  readonly onPick: (id: number | null) => void;
  /** A person moved the map: it no longer follows. */
  readonly onUnfollow: () => void;
};

/** One step of the camera; none when the system asks for less motion. */
const cameraMs = 150;
/** As near as a picked van needs to be seen. */
const pickedZoom = 13.5;
const fitZoom = 14;
/** A finger is not a pointer: what lies this near counts as pressed. */
const reachPixels = 10;
/** A shorter way than this is not worth acting out. */
const visiblePixels = 1.5;

/** One map for the life of the page. Throws where there is no WebGL2. */
export function createMapEngine(options: MapEngineOptions): MapEngine {
  setWorkerUrl(workerUrl);
  const { config, table } = options;
  const life = new AbortController();
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");
  const map = new MapLibreMap({
    container: options.container,
    bounds: config.bounds,
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    locale: { "Map.Title": options.label },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new AttributionControl({ compact: options.container.clientWidth < 640 }), "bottom-right");

  let scheme = options.scheme;
  let style: ChosenStyle | null = null;
  let covered = { right: 0, bottom: 0 };
  /** What covers the map is known: before that the vans would be fitted to what nobody sees. */
  let isPlaced = false;
  let hasVans = false;
  let hasFitted = false;
  let followed: number | null = null;
  let foldedUpTo = clusterMaxZoom(0);

  const camera = () => ({ duration: reduced.matches ? 0 : cameraMs });
  const source = (id: "vans" | "picked") => (hasVans ? map.getSource<GeoJSONSource>(id) : undefined);
  // On the right there has to be room for the names beside the markers, and for the buttons.
  const padding = () => ({ top: 64, left: 48, right: covered.right + 128, bottom: covered.bottom + 48 });

  const updater = createMarkerUpdater({
    table,
    now: options.now,
    onSecond: options.onSecond,
    ageText: options.ageText,
    isMotionReduced: () => reduced.matches,
    canvas: {
      apply: async (diff) => source("vans")?.updateData(diff),
      showPicked: (feature) =>
        void source("picked")?.setData({ type: "FeatureCollection", features: feature === null ? [] : [feature] }),
      isVisible(place, meters) {
        const metersPerPixel = (78_271.52 * Math.cos((place.lat * Math.PI) / 180)) / 2 ** map.getZoom();
        return map.getZoom() > foldedUpTo && meters / metersPerPixel > visiblePixels && map.getBounds().contains(place);
      },
      centerOn: (place) => map.jumpTo({ center: [place.lon, place.lat] }),
    },
  });

  const load = async (): Promise<void> => {
    const chosen = await chooseStyle(config, scheme, location.origin, options.fetch, life.signal);
    // Names are drawn from the page's own font, which has to be there first.
    await document.fonts.load('500 12px "Inter Variable"').catch(() => []);
    if (life.signal.aborted) return;
    hasVans = false;
    style = chosen;
    map.setStyle(chosen.style, { diff: false });
  };

  map.on("style.load", () => {
    if (style === null) return;
    const colors = mapColors[style.isLocal ? scheme : "light"];
    for (const [name, image] of Object.entries(drawIcons(colors)))
      map.addImage(`van-${name}`, image, { pixelRatio: iconPixelRatio });
    for (const [id, specification] of Object.entries(vanSources)) map.addSource(id, specification);
    for (const layer of vanLayers(colors, style.font)) map.addLayer(layer);
    hasVans = true;
    foldedUpTo = clusterMaxZoom(0);
    fold();
    updater.redraw();
  });

  /** How far out vans fold into circles depends on how many there are. */
  const fold = (): void => {
    const next = clusterMaxZoom(table.size());
    if (next === foldedUpTo || !hasVans) return;
    foldedUpTo = next;
    void source("vans")?.setClusterOptions({ cluster: true, clusterMaxZoom: next });
  };

  const boundsOfAll = (): [number, number, number, number] | null => {
    let [west, south, east, north] = [180, 90, -180, -90];
    for (const { fix } of table.all()) {
      if (fix === null) continue;
      west = Math.min(west, fix.lon);
      east = Math.max(east, fix.lon);
      south = Math.min(south, fix.lat);
      north = Math.max(north, fix.lat);
    }
    return west > east ? null : [west, south, east, north];
  };

  const fitAll = (animate: boolean): void => {
    const bounds = boundsOfAll();
    if (bounds === null) return;
    hasFitted = true;
    map.fitBounds(bounds, { padding: padding(), maxZoom: fitZoom, ...(animate ? camera() : { duration: 0 }) });
  };

  const onTable = (): void => {
    fold();
    if (isPlaced && !hasFitted && table.isLoaded()) fitAll(false);
  };
  const forgetTable = table.subscribe(onTable);
  onTable();

  const isInView = (place: LonLat): boolean => {
    const { x, y } = map.project([place.lon, place.lat]);
    const { clientWidth, clientHeight } = options.container;
    // On the right the name has to be in sight as well.
    return x > 40 && y > 60 && x < clientWidth - covered.right - 130 && y < clientHeight - covered.bottom - 40;
  };

  const offset = (): [number, number] => [-covered.right / 2, -covered.bottom / 2];

  const reveal = (id: number): void => {
    const fix = table.get(id)?.fix ?? null;
    if (fix === null || (isInView(fix) && map.getZoom() >= foldedUpTo + 1)) return;
    map.easeTo({
      center: [fix.lon, fix.lat],
      zoom: Math.max(map.getZoom(), pickedZoom),
      offset: offset(),
      ...camera(),
    });
  };

  const press = async ({ x, y }: { x: number; y: number }): Promise<void> => {
    if (!hasVans) return;
    const [found] = map.queryRenderedFeatures(
      [
        [x - reachPixels, y - reachPixels],
        [x + reachPixels, y + reachPixels],
      ],
      { layers: ["picked-van", "vans", "van-names", "van-clusters"] },
    );
    if (found === undefined) return options.onPick(null);
    if (found.layer.id !== "van-clusters") return options.onPick(Number(found.properties["id"]));
    const zoom = await source("vans")?.getClusterExpansionZoom(Number(found.properties["cluster_id"]));
    if (zoom === undefined || found.geometry.type !== "Point") return;
    const [lon = 0, lat = 0] = found.geometry.coordinates;
    map.easeTo({ center: [lon, lat], zoom: zoom + 0.25, offset: offset(), ...camera() });
  };
  map.on("click", (event) => {
    // A cluster may be gone by the time the worker is asked for it: then nothing happens.
    press(event.point).catch(() => undefined);
  });
  for (const layer of ["vans", "van-names", "picked-van", "van-clusters"]) {
    map.on("mouseenter", layer, () => map.getCanvas().style.setProperty("cursor", "pointer"));
    map.on("mouseleave", layer, () => map.getCanvas().style.removeProperty("cursor"));
  }
  map.on("dragstart", () => {
    if (followed !== null) options.onUnfollow();
  });

  void load().catch(() => undefined);

  return {
    setScheme(next) {
      if (next === scheme) return;
      scheme = next;
      if (style === null || style.isLocal) void load().catch(() => undefined);
    },
    pick(id) {
      updater.pick(id);
      if (id !== null && followed === null) reveal(id);
    },
    follow(id) {
      followed = id;
      if (id !== null && map.getZoom() < pickedZoom) map.jumpTo({ zoom: pickedZoom });
      map.setPadding(id === null ? { top: 0, left: 0, right: 0, bottom: 0 } : { top: 0, left: 0, ...covered });
      updater.follow(id);
    },
    setCovered(next) {
      covered = next;
      isPlaced = true;
      options.container.style.setProperty("--covered-right", `${next.right}px`);
      options.container.style.setProperty("--covered-bottom", `${next.bottom}px`);
      if (followed !== null) map.setPadding({ top: 0, left: 0, ...covered });
      if (!hasFitted) onTable();
    },
    fitAll: () => fitAll(true),
    zoomBy: (steps) => map.easeTo({ zoom: map.getZoom() + steps, offset: offset(), ...camera() }),
    [Symbol.dispose]() {
      life.abort();
      forgetTable();
      updater[Symbol.dispose]();
      map.remove();
    },
  };
}
