import { cameLate } from "./came-late.ts";
import { distanceMeters, lonNear, lonOnEarth, type Place } from "./distance.ts";
import type { TrackFix } from "./track-fix.ts";
import { createTrips, type Trip } from "./trips.ts";

/** A van at a door: GPS beside a house strays by some tens of metres. */
const stopRadiusMeters = 60;
/** A red light is shorter, a delivery hardly ever. */
const stopMs = 3 * 60_000;
/** So many fixes and so long a standing van may seem to be elsewhere. */
const strayFixes = 2;
const strayMs = 60_000;

export type Stop = Place & {
  readonly startMs: number;
  readonly endMs: number;
  readonly addedLate: boolean;
};

export type Moves = {
  readonly stops: readonly Stop[];
  readonly trips: readonly Trip[];
  readonly lastMs: number | null;
};

/** Takes a track fix by fix, in the order of time, and says where it stood and how it went in between. */
export function createMoves(): { add(fix: TrackFix): void; end(): Moves } {
  const stops: Stop[] = [];
  const trips = createTrips();
  let standing: Standing | null = null;
  /** Fixes near each other, not yet long enough to be a stop. */
  let near: TrackFix[] = [];
  let stray: TrackFix[] = [];
  let lastMs: number | null = null;

  function stand(fix: TrackFix): void {
    if (standing === null) return;
    for (const one of [...stray, fix]) standing.add(one);
    stray = [];
  }

  function leave(): void {
    if (standing === null) return;
    stops.push(standing.stop());
    trips.begin(standing.last);
    standing = null;
  }

  function move(fix: TrackFix): void {
    while (near.length > 0 && distanceMeters(centre(near), fix) > stopRadiusMeters) {
      const [gone, ...rest] = near;
      if (gone !== undefined) trips.add(gone);
      near = rest;
    }
    near.push(fix);
    const [first] = near;
    if (first === undefined || fix.atMs - first.atMs < stopMs) return;
    trips.end(first);
    standing = createStanding(first);
    for (const one of near.slice(1)) standing.add(one);
    near = [];
  }

  function add(fix: TrackFix): void {
    lastMs = fix.atMs;
    if (fix.outlier) return;
    if (standing === null) return move(fix);
    if (distanceMeters(standing.centre(), fix) <= stopRadiusMeters) return stand(fix);
    if (stray.length < strayFixes && fix.atMs - standing.last.atMs <= strayMs) return void stray.push(fix);
    const gone = [...stray, fix];
    stray = [];
    leave();
    for (const one of gone) add(one);
  }

  return {
    add,
    end() {
      if (standing !== null) {
        leave();
        near = stray;
      }
      for (const fix of near) trips.add(fix);
      return { stops, trips: trips.all(), lastMs };
    },
  };
}

type Standing = ReturnType<typeof createStanding>;

/** A stop that goes on; it keeps no fixes but the last, however long it takes. */
function createStanding(first: TrackFix) {
  let last = first;
  let count = 0;
  let lat = 0;
  let lon = 0;
  let addedLate = false;
  const add = (fix: TrackFix): void => {
    last = fix;
    count += 1;
    lat += (fix.lat - lat) / count;
    lon += (lonNear(fix.lon, first.lon) - lon) / count;
    addedLate ||= cameLate(fix);
  };
  add(first);
  return {
    add,
    centre: (): Place => ({ lat, lon }),
    stop: (): Stop => ({ startMs: first.atMs, endMs: last.atMs, lat, lon: lonOnEarth(lon), addedLate }),
    get last() {
      return last;
    },
  };
}

function centre(fixes: readonly TrackFix[]): Place {
  const beside = fixes[0]?.lon ?? 0;
  const sum = { lat: 0, lon: 0 };
  for (const { lat, lon } of fixes) {
    sum.lat += lat;
    sum.lon += lonNear(lon, beside);
  }
  return { lat: sum.lat / fixes.length, lon: sum.lon / fixes.length };
}
