import type { LonLat } from "./ease.ts";

/**
 * How the base map was last drawn. Places are shares of the Mercator world: 0 to 1 eastwards and southwards.
 * The map never turns or tilts, so a place is two multiplications away from its pixel.
 */
export type Camera = {
  /** The place that is drawn at `left`, `top`. */
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly top: number;
  /** CSS pixels that the whole world is wide. */
  readonly scale: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
};

/** What a camera is read from: a MapLibre map. */
export type ProjectedMap = {
  readonly getCenter: () => { readonly lng: number; readonly lat: number };
  readonly getZoom: () => number;
  readonly project: (place: [number, number]) => { readonly x: number; readonly y: number };
};

/** The world's width in pixels at zoom 0, as MapLibre counts zooms. */
const tilePixels = 512;
/** Where the square Mercator world ends. */
const maxLatitude = 85.051129;

export const mercatorX = (lon: number): number => (lon + 180) / 360;

export function mercatorY(lat: number): number {
  const radians = (Math.max(-maxLatitude, Math.min(maxLatitude, lat)) * Math.PI) / 180;
  return (1 - Math.log(Math.tan(Math.PI / 4 + radians / 2)) / Math.PI) / 2;
}

export const placeAt = (x: number, y: number): LonLat => ({
  lon: x * 360 - 180,
  lat: (360 / Math.PI) * Math.atan(Math.exp((1 - 2 * y) * Math.PI)) - 90,
});

export const worldPixels = (zoom: number): number => tilePixels * 2 ** zoom;

export function cameraOf(map: ProjectedMap, { width, height }: { width: number; height: number }): Camera {
  const { lng, lat } = map.getCenter();
  const zoom = map.getZoom();
  const middle = map.project([lng, lat]);
  return {
    x: mercatorX(lng),
    y: mercatorY(lat),
    left: middle.x,
    top: middle.y,
    scale: worldPixels(zoom),
    zoom,
    width,
    height,
  };
}

export const isSameCamera = (a: Camera, b: Camera): boolean =>
  a.x === b.x &&
  a.y === b.y &&
  a.scale === b.scale &&
  a.left === b.left &&
  a.top === b.top &&
  a.width === b.width &&
  a.height === b.height;

/** The pixel of a place; of its copies round the world, the one nearest to the middle of the picture. */
export function screenX(camera: Camera, x: number): number {
  const east = x - camera.x;
  return camera.left + (east - Math.round(east)) * camera.scale;
}

export const screenY = (camera: Camera, y: number): number => camera.top + (y - camera.y) * camera.scale;
