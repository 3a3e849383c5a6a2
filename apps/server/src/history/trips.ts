import { cameLate } from "./came-late.ts";
import { distanceMeters, type Place } from "./distance.ts";
import { gapMs } from "./track.ts";
import type { TrackFix } from "./track-fix.ts";

/** Steps shorter than this are what GPS strays while a van waits at a light. */
const stepMeters = 10;
/** A way that is shorter was a look for a better place to park. */
const shortestTripMeters = 100;
/** After a silence of so long nobody can say that it was the same trip. */
const tripGapMs = 30 * 60_000;
/** No van goes faster; a speed beyond it is the receiver's mistake. */
const fastestMps = 70;
/** A speed is told from steps that take at least so long. */
const speedStepMs = 3_000;

export type Trip = {
  readonly startMs: number;
  readonly endMs: number;
  readonly from: Place;
  readonly to: Place;
  readonly distanceMeters: number;
  /** As the phone measured it, else from step to step; null when neither can be told. */
  readonly maxSpeedMps: number | null;
  readonly gapMs: number;
  readonly addedLate: boolean;
};

/** Makes trips of the fixes between stops, given in the order of time. */
export function createTrips() {
  const trips: Trip[] = [];
  let trip: ReturnType<typeof createTrip> | null = null;

  function close(): void {
    const made = trip?.made();
    if (made !== undefined && made.distanceMeters >= shortestTripMeters) trips.push(made);
    trip = null;
  }

  function add(fix: TrackFix): void {
    if (trip !== null && fix.atMs - trip.last.atMs > tripGapMs) close();
    if (trip === null) trip = createTrip(fix);
    else trip.add(fix);
  }

  return {
    /** A stop is left behind at its last fix. */
    begin(fix: TrackFix): void {
      close();
      trip = createTrip(fix);
    },
    add,
    /** A stop begins with this fix. */
    end(fix: TrackFix): void {
      add(fix);
      close();
    },
    all(): readonly Trip[] {
      close();
      return trips;
    },
  };
}

function createTrip(first: TrackFix) {
  let last = first;
  /** Where the last step ended. */
  let counted = first;
  let meters = 0;
  let measuredMps: number | null = null;
  let steppedMps: number | null = null;
  let silentMs = 0;
  let addedLate = cameLate(first);

  function step(to: TrackFix, length: number): void {
    const ms = to.atMs - counted.atMs;
    if (ms >= speedStepMs && ms <= gapMs) steppedMps = Math.max(steppedMps ?? 0, length / (ms / 1_000));
    meters += length;
    counted = to;
  }

  return {
    get last() {
      return last;
    },
    add(fix: TrackFix): void {
      if (fix.atMs - last.atMs > gapMs) silentMs += fix.atMs - last.atMs;
      const length = distanceMeters(counted, fix);
      if (length >= stepMeters) step(fix, length);
      if (fix.speedMps !== null && fix.speedMps <= fastestMps) measuredMps = Math.max(measuredMps ?? 0, fix.speedMps);
      addedLate ||= cameLate(fix);
      last = fix;
    },
    made(): Trip {
      return {
        startMs: first.atMs,
        endMs: last.atMs,
        from: { lat: first.lat, lon: first.lon },
        to: { lat: last.lat, lon: last.lon },
        distanceMeters: meters + distanceMeters(counted, last),
        maxSpeedMps: measuredMps ?? steppedMps,
        gapMs: silentMs,
        addedLate,
      };
    },
  };
}
