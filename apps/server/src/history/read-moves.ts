import type { Stop as StopAnswer, Trip as TripAnswer } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import type { RestHandlers, UserPrincipal } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { createMoves, type Moves, type Stop } from "./moves.ts";
import type { RangeQuery } from "./range.ts";
import { readTrack } from "./read-track.ts";
import { requestedTrack } from "./requested-track.ts";
import { gapMs } from "./track.ts";
import type { Trip } from "./trips.ts";

type PageQuery = RangeQuery & { limit: number; cursor?: string | undefined };

/** The ways between the stops of a device. */
export const deviceTrips =
  (app: App): RestHandlers["deviceTrips"] =>
  async ({ principal }, { params, query }) => {
    const { trips, isOngoing } = await movesOf(app, principal, params.id, query);
    return pageOf(trips, query, (trip) => tripAnswer(trip, isOngoing(trip)));
  };

/** Where a device stood. */
export const deviceStops =
  (app: App): RestHandlers["deviceStops"] =>
  async ({ principal }, { params, query }) => {
    const { stops, isOngoing } = await movesOf(app, principal, params.id, query);
    return pageOf(stops, query, (stop) => stopAnswer(stop, isOngoing(stop)));
  };

async function movesOf(app: App, principal: UserPrincipal, deviceId: number, query: PageQuery) {
  const { device, range } = await requestedTrack(app, principal, deviceId, query);
  const moves = createMoves();
  for await (const page of readTrack(app.history.tracks, device, range)) for (const fix of page) moves.add(fix);
  const made: Moves = moves.end();
  const isLive = made.lastMs !== null && app.clock.now() - made.lastMs <= gapMs;
  return { ...made, isOngoing: ({ endMs }: { endMs: number }) => isLive && endMs === made.lastMs };
}

/** The cursor is the beginning of the last item of the page before. */
function pageOf<T extends { startMs: number }, A>(all: readonly T[], query: PageQuery, answer: (item: T) => A) {
  const rest = query.cursor === undefined ? all : all.filter(({ startMs }) => startMs > readCursor(query.cursor ?? ""));
  const page = rest.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(answer),
    nextCursor: last !== undefined && rest.length > page.length ? String(last.startMs) : null,
  };
}

function readCursor(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ProblemError("invalid-request", "The cursor is not one that a list gave.", {
    errors: { cursor: ["must be the nextCursor of the page before"] },
  });
}

const seconds = (ms: number): number => Math.round(ms / 1_000);

const tripAnswer = (trip: Trip, ongoing: boolean): TripAnswer => ({
  startedAt: isoTime(trip.startMs),
  endedAt: isoTime(trip.endMs),
  ongoing,
  durationSeconds: seconds(trip.endMs - trip.startMs),
  distanceMeters: Math.round(trip.distanceMeters),
  maxSpeedMps: trip.maxSpeedMps === null ? null : Math.round(trip.maxSpeedMps * 10) / 10,
  from: trip.from,
  to: trip.to,
  gapSeconds: seconds(trip.gapMs),
  addedLate: trip.addedLate,
});

const stopAnswer = (stop: Stop, ongoing: boolean): StopAnswer => ({
  startedAt: isoTime(stop.startMs),
  endedAt: isoTime(stop.endMs),
  ongoing,
  durationSeconds: seconds(stop.endMs - stop.startMs),
  lat: stop.lat,
  lon: stop.lon,
  addedLate: stop.addedLate,
});
