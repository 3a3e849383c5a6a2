import { AttributionControl, Map as MapLibreMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { DeviceTable } from "../live/device-table.ts";
import classes from "./map-area.module.css";
import type { MapConfig } from "./map-config.ts";
import { clusterMaxZoom, unfoldingZoom } from "./overlay/clusters.ts";
import type { LonLat } from "./overlay/ease.ts";
import type { VanMarker } from "./overlay/marker.ts";
import { createMarkerUpdater } from "./overlay/marker-updater.ts";
import { cameraOf, placeAt } from "./overlay/projection.ts";
import { createVanCanvas } from "./overlay/van-canvas.ts";
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
/** A followed van that is nearer to the middle than this stays where it is: each step of the camera draws every road anew. */
const followPixels = 1;

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
  map.addControl(new AttributionControl({}), "bottom-right");
  // Where it is narrow the library opens it as soon as it has something to say: it is folded once, for the map is for the vans.
  const foldMakers = (): void => {
    const open = options.container.querySelector(".maplibregl-compact-show");
    if (open === null) return;
    open.classList.remove("maplibregl-compact-show");
    open.removeAttribute("open");
    map.off("sourcedata", foldMakers);
    map.off("styledata", foldMakers);
  };
  map.on("sourcedata", foldMakers);
  map.on("styledata", foldMakers);

  let scheme = options.scheme;
  let style: ChosenStyle | null = null;
  let covered = { right: 0, bottom: 0 };
  /** What covers the map is known: before that the vans would be fitted to what nobody sees. */
  let isPlaced = false;
  let hasFitted = false;
  let followed: number | null = null;
  /** The base map draws itself after each move of the camera; before it can, vans are there already. */
  let hasBase = false;
  /** The camera moves after a followed van: base map and vans are drawn once it has. */
  let isCentering = false;

  const camera = () => ({ duration: reduced.matches ? 0 : cameraMs });
  // On the right there has to be room for the names beside the markers, and for the buttons.
  const padding = () => ({ top: 64, left: 48, right: covered.right + 128, bottom: covered.bottom + 48 });
  const frameTime = (): number => Number(document.timeline.currentTime ?? performance.now());

  const markers = new Map<number, VanMarker>();
  const vans = createVanCanvas({
    holder: map.getCanvasContainer(),
    className: classes.vans ?? "",
    colors: mapColors[scheme],
    markers,
    ageText: (fixAt) => options.ageText(Math.max(0, options.now() - fixAt)),
  });
  const size = (): { width: number; height: number } => {
    const { clientWidth: width, clientHeight: height } = options.container;
    return { width, height };
  };
  /** Vans are drawn in the very frame in which the base map is, by the same camera: neither slips over the other. */
  const onCamera = (): void => {
    if (vans.setCamera(cameraOf(map, size()))) vans.paint(frameTime(), !map.isMoving());
  };
  const repaint = (): void => {
    if (!isCentering) vans.paint(frameTime(), true);
  };
  map.on("render", onCamera);
  map.on("move", () => {
    if (!hasBase) onCamera();
  });
  map.on("resize", onCamera);
  map.on("moveend", repaint);
  onCamera();

  const updater = createMarkerUpdater({
    table,
    markers,
    now: options.now,
    onSecond: options.onSecond,
    isMotionReduced: () => reduced.matches,
    canvas: {
      paint: vans.paint,
      isSeen: vans.isSeen,
      isElsewhere: vans.isElsewhere,
      centerOn(place) {
        const { x, y } = map.project([place.lon, place.lat]);
        const middle = map.project(map.getCenter());
        if (Math.hypot(x - middle.x, y - middle.y) < followPixels) return false;
        isCentering = true;
        map.jumpTo({ center: [place.lon, place.lat] });
        isCentering = false;
        if (hasBase) map.redraw();
        return true;
      },
    },
  });

  const load = async (): Promise<void> => {
    const chosen = await chooseStyle(config, scheme, location.origin, options.fetch, life.signal);
    // Names are drawn in the page's own font, which has to be there first.
    await document.fonts.load('500 12px "Inter Variable"').catch(() => []);
    if (life.signal.aborted) return;
    style = chosen;
    hasBase = false;
    map.setStyle(chosen.style, { diff: false });
    vans.setColors(mapColors[chosen.isLocal ? scheme : "light"]);
    repaint();
  };

  map.on("style.load", () => {
    // A style may ask for a globe or for hills: vans are drawn on a flat map.
    map.setProjection({ type: "mercator" });
    map.setTerrain(null);
    hasBase = true;
  });

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
    if (fix === null || (isInView(fix) && map.getZoom() >= clusterMaxZoom(markers.size) + 1)) return;
    map.easeTo({
      center: [fix.lon, fix.lat],
      zoom: Math.max(map.getZoom(), pickedZoom),
      offset: offset(),
      ...camera(),
    });
  };

  map.on("click", ({ point }) => {
    const hit = vans.hit(point, reachPixels);
    if (hit?.kind !== "cluster") return options.onPick(hit?.id ?? null);
    const { lon, lat } = placeAt(hit.cluster.x, hit.cluster.y);
    const zoom = unfoldingZoom(hit.cluster, map.getZoom(), clusterMaxZoom(markers.size) + 1);
    map.easeTo({ center: [lon, lat], zoom: zoom + 0.25, offset: offset(), ...camera() });
  });
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.setProperty("cursor", vans.hit(point, 0) === null ? "" : "pointer");
  });
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
      vans.setPicked(id);
      repaint();
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
      vans[Symbol.dispose]();
      map.remove();
    },
  };
}
