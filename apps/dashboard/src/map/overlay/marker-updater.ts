import type { DeviceTable } from "../../live/device-table.ts";
import { distanceMeters } from "../../live/geo.ts";
import { type LonLat, placeMarker, startEase, stepEase } from "./ease.ts";
import { type MarkerLook, markerLook, type VanMarker, vanMarker } from "./marker.ts";
import { mercatorX, mercatorY, placeAt } from "./projection.ts";

/** What the updater needs of whoever draws. */
export type MarkerCanvas = {
  /** Draws all markers as they are. `at` in milliseconds of animation frames. */
  readonly paint: (at: number) => void;
  /** Whether a way between two places of the Mercator world would be seen. */
  readonly isSeen: (fromX: number, fromY: number, toX: number, toY: number) => boolean;
  /** Whether the marker would be drawn at another pixel than it was. */
  readonly isElsewhere: (marker: VanMarker) => boolean;
  /** Called with the place of the followed van whenever that moved; true when the camera went there and all was drawn. */
  readonly centerOn: (place: LonLat) => boolean;
};

export type MarkerUpdater = Disposable & {
  readonly follow: (id: number | null) => void;
};

export type MarkerUpdaterOptions = {
  readonly table: DeviceTable;
  /** By id: those that have a position. The updater alone changes it. */
  readonly markers: Map<number, VanMarker>;
  readonly canvas: MarkerCanvas;
  /** Milliseconds by the server's clock. */
  readonly now: () => number;
  readonly onSecond: (listener: () => void) => () => void;
  readonly isMotionReduced: () => boolean;
};

/** While no marker is seen to move: far out nobody sees a van go by metres. */
const calmGapMs = 400;
/** From one picture to the next pass so many times what it took to draw: half of the time is left to people and to what comes in. */
const restShare = 2;
/** What a machine may take for a picture and still draw one in each frame. */
const quickPaintMs = 5;

/** A longer way in one step is a gap in the track, not a drive: it is not acted out. */
const longestEaseMeters = 600;

/** The one place that moves markers. Whatever comes between two frames is drawn once. */
export function createMarkerUpdater(options: MarkerUpdaterOptions): MarkerUpdater {
  const { table, markers, canvas, now } = options;
  const touched = new Set<number>();
  const moving = new Set<VanMarker>();
  let isDirty = false;
  let followed: number | null = null;
  let frame: number | null = null;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let paintedAt = Number.NEGATIVE_INFINITY;
  /** How long a picture takes lately; slow ones count at once, quick ones slowly. */
  let paintMs = 0;

  const wake = (): void => {
    frame ??= requestAnimationFrame(draw);
  };

  /** Takes over what the table says of a device; true when the picture is another now. */
  const take = (id: number, at: number): boolean => {
    const device = table.get(id);
    const marker = markers.get(id);
    if (device === undefined || device.fix === null) {
      if (marker !== undefined) moving.delete(marker);
      return markers.delete(id);
    }
    const look = markerLook(device, now());
    const [x, y] = [mercatorX(device.fix.lon), mercatorY(device.fix.lat)];
    if (marker === undefined) {
      markers.set(id, vanMarker(id, look, x, y));
      return true;
    }
    const isLike = isSameLook(marker.look, look);
    if (!isLike) marker.look = look;
    if (marker.toX === x && marker.toY === y) return !isLike;
    if (
      options.isMotionReduced() ||
      !canvas.isSeen(marker.x, marker.y, x, y) ||
      distanceMeters(placeAt(marker.x, marker.y), device.fix) > longestEaseMeters
    ) {
      placeMarker(marker, x, y);
      moving.delete(marker);
    } else {
      startEase(marker, x, y, at);
      moving.add(marker);
      return !isLike;
    }
    return true;
  };

  const draw = (at: number): void => {
    frame = null;
    const target = followed === null ? undefined : markers.get(followed);
    let isFollowedElsewhere = target?.isMoving ?? false;
    for (const id of touched) {
      if (!take(id, at)) continue;
      isDirty = true;
      if (id === followed) isFollowedElsewhere = true;
    }
    touched.clear();
    for (const marker of moving) {
      stepEase(marker, at);
      if (!marker.isMoving) moving.delete(marker);
      isDirty ||= canvas.isElsewhere(marker);
    }
    if (isFollowedElsewhere && target !== undefined && canvas.centerOn(placeAt(target.x, target.y))) {
      isDirty = false;
      paintedAt = at;
    }

    const gap = moving.size === 0 ? calmGapMs : paintMs <= quickPaintMs ? 0 : restShare * paintMs;
    const wait = gap - (at - paintedAt);
    if (isDirty && wait <= 0) paint(at);
    if (moving.size > 0) wake();
    else if (isDirty) pause ??= setTimeout(endPause, wait);
  };

  const paint = (at: number): void => {
    isDirty = false;
    paintedAt = at;
    const before = performance.now();
    canvas.paint(at);
    paintMs = Math.max(performance.now() - before, paintMs * 0.9);
  };

  const endPause = (): void => {
    pause = undefined;
    wake();
  };

  const touch = (ids: Iterable<number>): void => {
    for (const id of ids) touched.add(id);
    wake();
  };

  const forget = [
    table.subscribe(touch),
    // Ages and fading go on while nothing comes.
    options.onSecond(() => {
      isDirty = true;
      touch(markers.keys());
    }),
  ];
  touch([...table.all()].map((device) => device.id));

  return {
    follow(id) {
      followed = id;
      const marker = id === null ? undefined : markers.get(id);
      if (marker !== undefined) canvas.centerOn(placeAt(marker.x, marker.y));
    },
    [Symbol.dispose]() {
      for (const undo of forget) undo();
      clearTimeout(pause);
      if (frame !== null) cancelAnimationFrame(frame);
    },
  };
}

const isSameLook = (a: MarkerLook, b: MarkerLook): boolean =>
  a.name === b.name &&
  a.fixAt === b.fixAt &&
  a.icon === b.icon &&
  a.headingDegrees === b.headingDegrees &&
  a.rank === b.rank &&
  a.opacity === b.opacity;
