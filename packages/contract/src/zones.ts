import { z } from "zod";
import { id, latitude, longitude, name, time } from "./values.ts";

/** What an account may draw. Metres, km/h, counts. */
export const zoneLimits = {
  /** Every device holds all of them, and ZoneSync carries them in one message. */
  zonesPerAccount: 1_000,
  /** Corners of one zone, holes included: a city's boundary fits, and checking each edge against each other takes about 10 ms. */
  vertices: 1_000,
  /** Corners of all zones of an account: what ZoneSync says at each connect stays under 1 MB. */
  verticesPerAccount: 25_000,
  /** Under 10 m a phone cannot tell inside from outside. */
  radiusMetersMinimum: 10,
  /** A metropolitan area. */
  radiusMetersMaximum: 50_000,
  speedLimitKmhMaximum: 250,
} as const;

/**
 * depot: where routes begin and end; delivery: an area where parcels are delivered; customer: one recipient or site;
 * fuel: fuel or charging; restricted: vans should not be here; other: anything else.
 */
export const zoneKind = z.enum(["depot", "delivery", "customer", "fuel", "restricted", "other"]);

/** `#rrggbb`; kept in lower case. */
export const zoneColor = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, "must be a colour such as #1f77b4")
  .toLowerCase()
  .meta({ examples: ["#1f77b4"] });

/** Longitude, latitude, and perhaps a height, which is not kept. */
const position = z
  .array(z.number())
  .min(2)
  .max(3)
  .superRefine(([lon = 0, lat = 0], context) => {
    if (!longitude.safeParse(lon).success)
      context.addIssue({ code: "custom", path: [0], message: "must be a longitude, -180 to 180" });
    if (!latitude.safeParse(lat).success)
      context.addIssue({ code: "custom", path: [1], message: "must be a latitude, -90 to 90" });
  })
  .meta({ title: "[longitude, latitude]", examples: [[2.1734, 41.3851]] });

const polygon = z.object({ type: z.literal("Polygon"), coordinates: z.array(z.array(position)).min(1) }).meta({
  examples: [
    {
      type: "Polygon",
      coordinates: [
        [
          [2.17, 41.38],
          [2.18, 41.38],
          [2.18, 41.39],
          [2.17, 41.38],
        ],
      ],
    },
  ],
});
const point = z.object({ type: z.literal("Point"), coordinates: position });

/** A Polygon (the outside first, then holes), or the centre of a circle. */
export const zoneGeometry = z
  .discriminatedUnion("type", [polygon, point])
  .meta({ id: "ZoneGeometry", title: "GeoJSON Polygon or Point" });

/** With a Point, and with it alone. */
export const zoneRadius = z
  .number()
  .min(zoneLimits.radiusMetersMinimum)
  .max(zoneLimits.radiusMetersMaximum)
  .meta({ examples: [250] });
export const zoneSpeedLimit = z
  .number()
  .min(1)
  .max(zoneLimits.speedLimitKmhMaximum)
  .meta({ examples: [30] });

const zoneName = name.meta({ examples: ["North depot"] });

export const zone = z
  .object({
    id,
    name: zoneName,
    color: zoneColor,
    kind: zoneKind,
    geometry: zoneGeometry,
    radiusMeters: zoneRadius.nullable(),
    speedLimitKmh: zoneSpeedLimit.nullable(),
    version: z.int().meta({ examples: [1] }),
    updatedAt: time,
  })
  .meta({ id: "Zone" });

/** What a zone is unless it is said. */
export const zoneDefaults = { color: "#1f77b4", kind: "other" } as const;

/** A zone as it is drawn or drawn anew. */
export const zoneEntry = z
  .strictObject({
    name: zoneName,
    color: zoneColor.default(zoneDefaults.color),
    kind: zoneKind.default(zoneDefaults.kind),
    geometry: zoneGeometry,
    radiusMeters: zoneRadius.nullish(),
    speedLimitKmh: zoneSpeedLimit.nullish(),
  })
  .superRefine(({ geometry, radiusMeters }, context) => {
    const isCircle = geometry?.type === "Point";
    if (isCircle === (typeof radiusMeters === "number")) return;
    context.addIssue({
      code: "custom",
      path: ["radiusMeters"],
      message: isCircle ? "is needed with a Point" : "goes with a Point, not with a Polygon",
    });
  })
  .meta({ id: "ZoneEntry" });

/** A device in a zone, from the first fix inside to the first one well outside; `leftAt` null while it is there. */
export const zoneVisit = z
  .object({
    deviceId: id,
    zoneId: id,
    zoneName,
    enteredAt: time,
    leftAt: time.nullable(),
    /** How long it stayed; null while it is there. */
    dwellSeconds: z
      .number()
      .nullable()
      .meta({ examples: [540] }),
    /** Learnt from fixes that came late. */
    addedLate: z.boolean(),
  })
  .meta({ id: "ZoneVisit" });

export type Zone = z.output<typeof zone>;
export type ZoneKind = z.output<typeof zoneKind>;
export type ZoneEntry = z.output<typeof zoneEntry>;
export type ZoneGeometry = z.output<typeof zoneGeometry>;
export type ZoneVisit = z.output<typeof zoneVisit>;
