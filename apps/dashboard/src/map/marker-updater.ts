import type { Feature, Point } from "geojson";
import type { GeoJSONFeatureDiff, GeoJSONSourceDiff } from "maplibre-gl";
import type { DeviceTable } from "../live/device-table.ts";
import { distanceMeters } from "../live/geo.ts";
import { type Ease, easedAt, isOver, type LonLat } from "./ease.ts";
import { type MarkerLook, markerLook } from "./marker.ts";

/** What the updater needs of a map. */
export type MarkerCanvas = {
  /** Resolves when the change is taken over; changes are never handed over before that. */
  readonly apply: (diff: GeoJSONSourceDiff) => Promise<void>;
  readonly showPicked: (feature: Feature<Point> | null) => void;
  /** Whether a way of so many metres at this place can be seen. */
  readonly isVisible: (place: LonLat, meters: number) => boolean;
  /** Called with the place of the followed van whenever that moved. */
  readonly centerOn: (place: LonLat) => void;
};

export type MarkerUpdater = Disposable & {
  readonly pick: (id: number | null) => void;
  readonly follow: (id: number | null) => void;
  /** Where the marker is drawn now. */
  readonly shownAt: (id: number) => LonLat | null;
  /** Draws everything again: after the map has lost its sources. */
  readonly redraw: () => void;
};

export type MarkerUpdaterOptions = {
  readonly table: DeviceTable;
  readonly canvas: MarkerCanvas;
  /** Milliseconds by the server's clock. */
  readonly now: () => number;
  readonly onSecond: (listener: () => void) => () => void;
  readonly ageText: (ms: number) => string;
  readonly isMotionReduced: () => boolean;
};

type Marker = { place: LonLat; ease: Ease | null; look: MarkerLook; isDrawn: boolean };

/** Between two changes of the map while markers are seen to move: thirty a second look smooth, sixty cost twice. */
const movingGapMs = 33;
/** On a machine that needs long for a frame, this many frames' time pass between two changes: the rest is for people. */
const restShare = 3;
/** Longer between two frames, and the page was hidden or slept. */
const longestFrameMs = 1_000;
/** While none is: far out nobody sees a van move by metres, and each change draws all markers anew. */
const calmGapMs = 400;

/** A longer way in one step is a gap in the track, not a drive: it is not acted out. */
const longestEaseMeters = 600;

/** The one place that moves markers. Whatever comes between two frames is one change of the map. */
export function createMarkerUpdater(options: MarkerUpdaterOptions): MarkerUpdater {
  const { table, canvas, now, ageText } = options;
  const markers = new Map<number, Marker>();
  const touched = new Set<number>();
  const moving = new Set<number>();
  /** What has changed since the map was last told. */
  const dirty = new Set<number>();
  const gone = new Set<number>();
  let picked: number | null = null;
  let followed: number | null = null;
  let frame: number | null = null;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let isApplying = false;
  let appliedAt = Number.NEGATIVE_INFINITY;
  let drawnAt = Number.NEGATIVE_INFINITY;
  /** How long a frame takes lately; slow ones count at once, quick ones slowly. */
  let frameMs = 16;

  const wake = (): void => {
    frame ??= requestAnimationFrame(draw);
  };

  /** Takes over what the table says of a device; true when its marker has to be drawn again. */
  const take = (id: number, at: number): boolean => {
    const device = table.get(id);
    if (device === undefined || device.fix === null) {
      moving.delete(id);
      if (markers.delete(id)) gone.add(id);
      return false;
    }
    const look = markerLook(device, now(), ageText);
    const marker = markers.get(id);
    const target: LonLat = device.fix;
    if (marker === undefined) {
      gone.delete(id);
      markers.set(id, { place: { lon: target.lon, lat: target.lat }, ease: null, look, isDrawn: false });
      return true;
    }
    const isLike = sameLook(marker.look, look);
    marker.look = look;
    const heading = marker.ease?.to ?? marker.place;
    if (heading.lon === target.lon && heading.lat === target.lat) return !isLike;
    const meters = distanceMeters(marker.place, target);
    const to = { lon: target.lon, lat: target.lat };
    if (options.isMotionReduced() || meters > longestEaseMeters || !canvas.isVisible(to, meters)) {
      marker.ease = null;
      marker.place = to;
      moving.delete(id);
    } else {
      marker.ease = { from: marker.place, to, startedAt: at };
      moving.add(id);
    }
    return true;
  };

  const step = (id: number, at: number): void => {
    const marker = markers.get(id);
    if (marker?.ease == null) return void moving.delete(id);
    marker.place = easedAt(marker.ease, at);
    if (!isOver(marker.ease, at)) return;
    marker.ease = null;
    moving.delete(id);
  };

  const draw = (at: number): void => {
    frame = null;
    const sinceFrame = at - drawnAt;
    if (sinceFrame < longestFrameMs && moving.size > 0) frameMs = Math.max(sinceFrame, frameMs * 0.9);
    drawnAt = at;
    for (const id of touched) if (take(id, at)) dirty.add(id);
    touched.clear();
    for (const id of [...moving]) {
      step(id, at);
      dirty.add(id);
    }
    // The picked one is a marker of its own: cheap enough to move at every frame.
    if (picked !== null && (dirty.has(picked) || gone.has(picked))) showPicked();
    const target = followed === null ? undefined : markers.get(followed);
    if (target !== undefined && followed !== null && dirty.has(followed)) canvas.centerOn(target.place);

    const wait =
      (moving.size > 0 || gone.size > 0
        ? Math.max(movingGapMs, Math.min(calmGapMs, restShare * (frameMs - 17)))
        : calmGapMs) -
      (at - appliedAt);
    if (!isApplying && wait <= 0) apply(at);
    if (moving.size > 0) wake();
    else if (!isApplying && dirty.size > 0) pause ??= setTimeout(endPause, wait);
  };

  const endPause = (): void => {
    pause = undefined;
    wake();
  };

  const apply = (at: number): void => {
    const diff = diffOf(dirty, markers, gone);
    dirty.clear();
    gone.clear();
    if (diff === null) return;
    isApplying = true;
    appliedAt = at;
    void canvas.apply(diff).finally(() => {
      isApplying = false;
      if (dirty.size > 0) wake();
    });
  };

  const showPicked = (): void => {
    const marker = picked === null ? undefined : markers.get(picked);
    canvas.showPicked(picked === null || marker === undefined ? null : feature(picked, marker));
  };

  const touch = (ids: Iterable<number>): void => {
    for (const id of ids) touched.add(id);
    wake();
  };

  const forget = [
    table.subscribe(touch),
    // Ages and fading go on while nothing comes.
    options.onSecond(() => touch(markers.keys())),
  ];
  touch([...table.all()].map((device) => device.id));

  return {
    pick(id) {
      picked = id;
      showPicked();
    },
    follow(id) {
      followed = id;
      const marker = id === null ? undefined : markers.get(id);
      if (marker !== undefined) canvas.centerOn(marker.place);
    },
    shownAt: (id) => markers.get(id)?.place ?? null,
    redraw() {
      isApplying = false;
      for (const marker of markers.values()) marker.isDrawn = false;
      const all = diffOf(new Set(markers.keys()), markers, gone);
      showPicked();
      if (all !== null) void canvas.apply(all);
    },
    [Symbol.dispose]() {
      for (const undo of forget) undo();
      clearTimeout(pause);
      if (frame !== null) cancelAnimationFrame(frame);
    },
  };
}

function diffOf(
  dirty: ReadonlySet<number>,
  markers: ReadonlyMap<number, Marker>,
  gone: ReadonlySet<number>,
): GeoJSONSourceDiff | null {
  const add: Feature[] = [];
  const update: GeoJSONFeatureDiff[] = [];
  for (const id of dirty) {
    const marker = markers.get(id);
    if (marker === undefined) continue;
    const whole = feature(id, marker);
    if (marker.isDrawn)
      update.push({
        id,
        newGeometry: whole.geometry,
        addOrUpdateProperties: Object.entries(whole.properties ?? {}).map(([key, value]) => ({ key, value })),
      });
    else add.push(whole);
    marker.isDrawn = true;
  }
  if (add.length + update.length + gone.size === 0) return null;
  return { add, update, remove: [...gone] };
}

const feature = (id: number, { place, look }: Marker): Feature<Point> => ({
  type: "Feature",
  id,
  geometry: { type: "Point", coordinates: [place.lon, place.lat] },
  properties: {
    id,
    name: look.name,
    age: look.age,
    icon: look.icon,
    heading: look.headingDegrees,
    rank: look.rank,
    opacity: look.opacity,
  },
});

const sameLook = (a: MarkerLook, b: MarkerLook): boolean =>
  a.name === b.name &&
  a.age === b.age &&
  a.icon === b.icon &&
  a.headingDegrees === b.headingDegrees &&
  a.rank === b.rank &&
  a.opacity === b.opacity;
