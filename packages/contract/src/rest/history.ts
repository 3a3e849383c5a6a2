import { z } from "zod";
import { samplesReceipt } from "../models.ts";
import { id, identifier, idInPath, latitude, longitude, name, percent, syncState, time } from "../values.ts";
import { defineOperations } from "./operation.ts";
import { pageQuery } from "./page-query.ts";

/** What the history of a device can be asked for at once, and how much of it a phone may send. */
export const historyLimits = {
  /** Samples in one batch: half an hour to three hours of driving, and a tenth of a second of the server's work. */
  batchSamples: 2_000,
  /** One batch, unpacked: 2,000 samples of 270 bytes, and as much again for a client that writes them with blanks. */
  batchBytes: 1024 * 1024,
  /** Hours that a phone can be asked for: what a phone keeps at least. */
  syncHours: 168,
  /** Days of one query: a month, half a million fixes of a phone that reports each 5 s. */
  rangeDays: 31,
  /** Points that a track can be simplified to: more than any screen has, and some MB of memory. */
  points: 20_000,
} as const;

const deviceParams = z.object({ id: idInPath });

/** Half open, `from` ≤ time < `to`. Neither: the account's today. */
const range = {
  from: time.optional().meta({
    description: `Default: the beginning of the account's day that \`to\` is in. At most ${historyLimits.rangeDays} days before \`to\`.`,
  }),
  to: time.optional().meta({ description: "Not in the range any more. Default: now." }),
  day: z.iso
    .date()
    .optional()
    .meta({
      description: "A whole day of the account, in its time zone, instead of `from` and `to`.",
      examples: ["2026-01-31"],
    }),
};

export const trackFormats = ["json", "gpx", "csv", "geojson", "kml"] as const;

const trackPoint = z
  .object({
    atUtc: time,
    lat: latitude,
    lon: longitude,
    accuracyMeters: z.number().nullable(),
    speedMps: z.number().nullable(),
    headingDegrees: z.number().nullable(),
    altitudeMeters: z.number().nullable(),
    batteryPercent: percent.nullable(),
    isLive: z.boolean().meta({ description: "Reported live, at the server's time, where the phone sent no samples." }),
    outlier: z.boolean().meta({ description: "It cannot have been there: too far for the time, or too rough." }),
    gapBefore: z.boolean().meta({ description: "Nothing is known between the point before and this one." }),
  })
  .meta({ id: "TrackPoint" });

const track = z
  .object({
    deviceId: id,
    name,
    from: time,
    to: time,
    points: z.array(trackPoint),
    gaps: z
      .array(z.object({ from: time, to: time }))
      .meta({ description: "Silences of more than 5 minutes, from the last fix before to the first after." }),
    total: z.int().meta({ description: "Fixes in the range, before they were simplified to `maxPoints`." }),
    clockSkewMs: z
      .int()
      .nullable()
      .meta({
        description:
          "The least time from a sample's fix to its arrival. Near 0 for a right clock; below 0 the phone's clock ran ahead; far above, it was behind or everything came late.",
        examples: [850],
      }),
  })
  .meta({ id: "Track" });

const seconds = z.int().meta({ examples: [840] });
const addedLate = z
  .boolean()
  .meta({ description: "Some of its fixes came more than 5 minutes after their time; nobody saw it live." });
const ongoing = z.boolean().meta({ description: "It had not ended when the last fix came, less than 5 minutes ago." });
const place = z.object({ lat: latitude, lon: longitude });

export const trip = z
  .object({
    startedAt: time,
    endedAt: time,
    ongoing,
    durationSeconds: seconds,
    distanceMeters: z.int().meta({ examples: [5_400] }),
    maxSpeedMps: z
      .number()
      .nullable()
      .meta({ examples: [13.9] }),
    from: place,
    to: place,
    gapSeconds: z.int().meta({ description: "Of its time, how much lies in gaps.", examples: [0] }),
    addedLate,
  })
  .meta({ id: "Trip" });

export const stop = z
  .object({
    startedAt: time,
    endedAt: time,
    ongoing,
    durationSeconds: seconds,
    lat: latitude,
    lon: longitude,
    addedLate,
  })
  .meta({ id: "Stop" });

const moves = pageQuery.extend(range);

/** Where a device was at a moment; null when it had no fix yet. */
const deviceAt = z
  .object({
    deviceId: id,
    name,
    identifier: identifier.nullable(),
    lat: latitude.nullable(),
    lon: longitude.nullable(),
    atUtc: time.nullable(),
    ageSeconds: z
      .int()
      .nullable()
      .meta({ description: "From its last fix to that moment.", examples: [4] }),
  })
  .meta({ id: "DeviceAt" });

/** `ackedThrough` is a time as the phone sent it. */
const historyReceipt = samplesReceipt
  .extend({
    ackedThrough: time.nullable().meta({
      description:
        "Every sample of this request up to and including this time is on disk or named in `rejected`; null when none is. A phone that sends its fixes from the oldest on, one request at a time, may forget all up to it.",
    }),
  })
  .meta({ id: "HistoryReceipt" });

export const historyOperations = defineOperations({
  historySync: {
    method: "POST",
    path: "/api/devices/history-sync",
    access: "device",
    tag: "Phones",
    summary:
      "Kept fixes of the phone, in any order and as often as it likes; `final` says that there are no more. An empty batch is good only as the final one",
    body: z
      .strictObject({
        samples: z
          .array(z.unknown().meta({ $ref: "#/components/schemas/LocationSample" }))
          .max(historyLimits.batchSamples),
        final: z.boolean().optional(),
      })
      .refine(({ samples, final }) => samples.length > 0 || final === true, {
        path: ["samples"],
        message: "must not be empty",
      }),
    bodyLimitBytes: historyLimits.batchBytes,
    bodyEncodings: ["gzip"],
    answer: { status: 200, body: historyReceipt },
    errors: ["rate-limited"],
  },
  requestHistorySync: {
    method: "POST",
    path: "/api/devices/{id}/history-sync",
    access: "dispatcher",
    tag: "History",
    summary:
      "Asks the phone for the fixes it has kept: at once when it is connected, and at each connect until it is done",
    params: deviceParams,
    body: z.strictObject({
      hours: z
        .int()
        .min(1)
        .max(historyLimits.syncHours)
        .meta({ examples: [24] }),
    }),
    answer: { status: 202, body: z.object({ syncState }) },
    errors: ["not-found", "rate-limited"],
  },
  deviceHistory: {
    method: "GET",
    path: "/api/devices/{id}/history",
    access: "viewer",
    tag: "History",
    summary:
      "The track of a device, also of one that was unbound since: samples where there are some, live fixes where there are none",
    params: deviceParams,
    query: z.object({
      ...range,
      maxPoints: z.coerce
        .number()
        .int()
        .min(2)
        .max(historyLimits.points)
        .optional()
        .meta({ description: "Simplifies the track to so many points: those that tell most of where it was when." }),
      format: z.enum(trackFormats).default("json"),
    }),
    answer: {
      status: 200,
      body: track,
      alternatives: ["application/gpx+xml", "text/csv", "application/geo+json", "application/vnd.google-earth.kml+xml"],
    },
    errors: ["not-found"],
  },
  deviceTrips: {
    method: "GET",
    path: "/api/devices/{id}/trips",
    access: "viewer",
    tag: "History",
    summary: "The ways between stops, made from the track as it is now: what comes late heals them",
    params: deviceParams,
    query: moves,
    answer: { status: 200, body: z.object({ items: z.array(trip), nextCursor: z.string().nullable() }) },
    errors: ["not-found"],
  },
  deviceStops: {
    method: "GET",
    path: "/api/devices/{id}/stops",
    access: "viewer",
    tag: "History",
    summary: "Where the device stayed within 60 m for 3 minutes or longer, made from the track as it is now",
    params: deviceParams,
    query: moves,
    answer: { status: 200, body: z.object({ items: z.array(stop), nextCursor: z.string().nullable() }) },
    errors: ["not-found"],
  },
  fleetAt: {
    method: "GET",
    path: "/api/fleet/at",
    access: "viewer",
    tag: "Fleet",
    summary: "Where every device that was bound then was at a moment, with the age of its fix",
    query: z.object({ time: time.optional().meta({ description: "Default: now." }) }),
    answer: { status: 200, body: z.object({ time, devices: z.array(deviceAt) }) },
    errors: [],
  },
});

export type Track = z.output<typeof track>;
export type Trip = z.output<typeof trip>;
export type Stop = z.output<typeof stop>;
