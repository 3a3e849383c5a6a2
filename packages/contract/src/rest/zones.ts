import { z } from "zod";
import { idInPath, time } from "../values.ts";
import { zone, zoneEntry, zoneGeometry, zoneLimits, zoneVisit } from "../zones.ts";
import { defineOperations } from "./operation.ts";
import { pageQuery } from "./page-query.ts";

/** One zone of 1,000 corners, each number written out in full and on a line of its own. */
const zoneBodyBytes = 256 * 1024;
/** Every zone that an account may have, written just as generously. */
const importBodyBytes = 5 * 1024 * 1024;

const zoneParams = z.object({ id: idInPath });
const nextCursor = z.string().nullable();

/** `to` and `from` choose visits that touch this time. */
const visitsQuery = pageQuery.extend({
  from: time.optional(),
  to: time.optional(),
  /** Only those that lasted so long, the open ones up to now. */
  minDwellSeconds: z.coerce.number().int().min(0).max(31_536_000).optional(),
});
const visitsPage = z.object({ items: z.array(zoneVisit), nextCursor });

const zoneFeature = z.object({
  type: z.literal("Feature"),
  id: z.int().meta({ examples: [7] }),
  geometry: zoneGeometry,
  properties: zone.pick({ name: true, color: true, kind: true, radiusMeters: true, speedLimitKmh: true }),
});

export const zoneOperations = defineOperations({
  listZones: {
    method: "GET",
    path: "/api/zones",
    access: "viewer",
    tag: "Zones",
    summary: "The account's zones, a page at a time",
    query: pageQuery,
    answer: { status: 200, body: z.object({ items: z.array(zone), nextCursor }) },
    errors: [],
  },
  createZone: {
    method: "POST",
    path: "/api/zones",
    access: "dispatcher",
    tag: "Zones",
    summary: "Draws a zone: a GeoJSON Polygon, or a Point with radiusMeters",
    body: zoneEntry,
    bodyLimitBytes: zoneBodyBytes,
    answer: { status: 201, body: zone },
    errors: ["invalid-geometry", "limit-reached"],
  },
  exportZones: {
    method: "GET",
    path: "/api/zones/export",
    access: "viewer",
    tag: "Zones",
    summary: "All zones as a GeoJSON FeatureCollection; a circle is a Point with radiusMeters",
    answer: {
      status: 200,
      body: z
        .object({ type: z.literal("FeatureCollection"), features: z.array(zoneFeature) })
        .meta({ id: "ZoneCollection" }),
      contentType: "application/geo+json",
    },
    errors: [],
  },
  importZones: {
    method: "POST",
    path: "/api/zones/import",
    access: "dispatcher",
    tag: "Zones",
    summary:
      "Adds a zone for each feature of a GeoJSON FeatureCollection, or none at all; says what is wrong at which feature. Properties that are missing get defaults; ids are not looked at",
    body: z.object({
      type: z.literal("FeatureCollection"),
      /** What some programs write beside: only longitude and latitude of WGS 84 are taken. */
      crs: z.unknown().optional(),
      features: z
        .array(z.unknown())
        .min(1)
        .max(zoneLimits.zonesPerAccount)
        .meta({
          title: "list of GeoJSON features",
          examples: [
            [
              {
                type: "Feature",
                geometry: { type: "Point", coordinates: [2.1734, 41.3851] },
                properties: { name: "North depot", kind: "depot", radiusMeters: 250 },
              },
            ],
          ],
        }),
    }),
    bodyLimitBytes: importBodyBytes,
    answer: { status: 201, body: z.object({ items: z.array(zone) }) },
    errors: ["import-refused", "limit-reached"],
  },
  getZone: {
    method: "GET",
    path: "/api/zones/{id}",
    access: "viewer",
    tag: "Zones",
    summary: "One zone",
    params: zoneParams,
    answer: { status: 200, body: zone },
    errors: ["not-found"],
  },
  updateZone: {
    method: "PUT",
    path: "/api/zones/{id}",
    access: "dispatcher",
    tag: "Zones",
    summary: "Draws a zone anew; what is left out gets its default",
    params: zoneParams,
    body: zoneEntry,
    bodyLimitBytes: zoneBodyBytes,
    ifMatch: true,
    answer: { status: 200, body: zone },
    errors: ["not-found", "invalid-geometry", "limit-reached", "version-mismatch"],
  },
  deleteZone: {
    method: "DELETE",
    path: "/api/zones/{id}",
    access: "dispatcher",
    tag: "Zones",
    summary: "Deletes a zone; visits that are open in it are closed, past ones stay with their devices",
    params: zoneParams,
    ifMatch: true,
    answer: { status: 204, body: null },
    errors: ["not-found", "version-mismatch"],
  },
  listZoneVisits: {
    method: "GET",
    path: "/api/zones/{id}/visits",
    access: "viewer",
    tag: "Zones",
    summary: "Which devices were in this zone and when, the latest first",
    params: zoneParams,
    query: visitsQuery,
    answer: { status: 200, body: visitsPage },
    errors: ["not-found"],
  },
  listDeviceZoneVisits: {
    method: "GET",
    path: "/api/devices/{id}/zone-visits",
    access: "viewer",
    tag: "Zones",
    summary: "Which zones this device was in and when, the latest first; also zones deleted since",
    params: zoneParams,
    query: visitsQuery,
    answer: { status: 200, body: visitsPage },
    errors: ["not-found"],
  },
});
