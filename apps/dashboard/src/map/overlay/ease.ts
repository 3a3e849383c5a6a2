import type { VanMarker } from "./marker.ts";

export type LonLat = { readonly lon: number; readonly lat: number };

/** Long enough to see where it went, short enough that the map does not lag behind the list. */
export const easeMs = 900;

/** Sends a marker from where it is shown to that place of the Mercator world. */
export function startEase(marker: VanMarker, toX: number, toY: number, at: number): void {
  marker.fromX = marker.x;
  marker.fromY = marker.y;
  marker.toX = toX;
  marker.toY = toY;
  marker.startedAt = at;
  marker.isMoving = true;
}

/** Puts a marker there at once. */
export function placeMarker(marker: VanMarker, x: number, y: number): void {
  marker.x = marker.toX = x;
  marker.y = marker.toY = y;
  marker.isMoving = false;
}

/** Moves a marker to where it is at that moment: between its two ends, never beyond; it rests once it has arrived. */
export function stepEase(marker: VanMarker, now: number): void {
  const done = Math.min(1, Math.max(0, (now - marker.startedAt) / easeMs));
  if (done === 1) return placeMarker(marker, marker.toX, marker.toY);
  const eased = 1 - (1 - done) ** 3;
  marker.x = marker.fromX + (marker.toX - marker.fromX) * eased;
  marker.y = marker.fromY + (marker.toY - marker.fromY) * eased;
}
