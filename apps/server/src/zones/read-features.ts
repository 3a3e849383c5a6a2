import { describeIssue, type ZoneEntry, zoneColor, zoneDefaults, zoneEntry } from "@dsp-fleet/contract";
import type { GeometryFault } from "./check-geometry.ts";
import { draw } from "./drawing.ts";
import type { ZoneDrawing } from "./zone-repository.ts";

export type FeaturesRead =
  | { readonly ok: true; readonly drawings: ZoneDrawing[] }
  | { readonly ok: false; readonly faults: readonly GeometryFault[] };

/** Enough to see what is wrong with a file; one cause often spoils every feature. */
const mostFaults = 20;
/** A circle whose feature says no radius. */
const defaultRadiusMeters = 100;
/** How programs name the longitudes and latitudes that GeoJSON has. */
const plainDegrees = /(?:CRS:?:?84|EPSG:?:?4326|OGC:1\.3:CRS84)$/i;

/** GeoJSON features → zones, or what is wrong at which feature: `features.3.geometry.coordinates.0.4`. */
export function readFeatures(collection: { features: readonly unknown[]; crs?: unknown }): FeaturesRead {
  const crs = nameOfCrs(collection.crs);
  if (crs !== null && !plainDegrees.test(crs))
    return { ok: false, faults: [{ path: "crs", words: `is ${crs}; export the file as WGS 84 (EPSG:4326) instead` }] };
  const drawings: ZoneDrawing[] = [];
  const faults: GeometryFault[] = [];
  for (const [index, feature] of collection.features.entries()) {
    const entry = readFeature(feature, index);
    const drawn = Array.isArray(entry) ? { ok: false as const, faults: entry } : drawFeature(entry);
    if (drawn.ok) drawings.push(drawn.drawing);
    else faults.push(...drawn.faults.map(({ path, words }) => ({ path: `features.${index}.${path}`, words })));
    if (faults.length >= mostFaults) break;
  }
  return faults.length === 0 ? { ok: true, drawings } : { ok: false, faults: faults.slice(0, mostFaults) };
}

function drawFeature(entry: ZoneEntry) {
  const drawn = draw(entry);
  if (drawn.ok) return drawn;
  return { ok: false as const, faults: drawn.faults.map(({ path, words }) => ({ path: `geometry.${path}`, words })) };
}

/** The entry that a feature makes, or its faults. Properties that are not ours are passed over. */
function readFeature(feature: unknown, index: number): ZoneEntry | GeometryFault[] {
  if (!isObject(feature) || feature["type"] !== "Feature") return [{ path: "type", words: "must be Feature" }];
  const geometry = onePolygon(feature["geometry"]);
  if (!isObject(geometry) || (geometry["type"] !== "Polygon" && geometry["type"] !== "Point")) {
    return [{ path: "geometry", words: `${whatItIs(feature["geometry"])}; a zone is a Polygon or a Point` }];
  }
  const properties = isObject(feature["properties"]) ? feature["properties"] : {};
  const isCircle = geometry["type"] === "Point";
  const parsed = zoneEntry.safeParse({
    name: given(properties["name"]) ?? `Zone ${index + 1}`,
    color:
      given(properties["color"]) ??
      ours(zoneColor, properties["fill"]) ??
      ours(zoneColor, properties["stroke"]) ??
      zoneDefaults.color,
    kind: given(properties["kind"]) ?? zoneDefaults.kind,
    geometry,
    radiusMeters: isCircle ? (properties["radiusMeters"] ?? defaultRadiusMeters) : null,
    speedLimitKmh: properties["speedLimitKmh"] ?? null,
  });
  if (parsed.success) return parsed.data;
  return parsed.error.issues.slice(0, mostFaults).map((issue) => {
    const path = issue.path.join(".");
    return { path: path.startsWith("geometry") ? path : `properties.${path}`, words: describeIssue(issue) };
  });
}

/** Many programs write every polygon as a MultiPolygon of one. */
function onePolygon(geometry: unknown): unknown {
  if (!isObject(geometry) || geometry["type"] !== "MultiPolygon") return geometry;
  const parts = geometry["coordinates"];
  return Array.isArray(parts) && parts.length === 1 ? { type: "Polygon", coordinates: parts[0] } : geometry;
}

function whatItIs(geometry: unknown): string {
  if (!isObject(geometry) || typeof geometry["type"] !== "string") return "is missing";
  const parts = geometry["coordinates"];
  return geometry["type"] === "MultiPolygon" && Array.isArray(parts)
    ? `is a MultiPolygon of ${parts.length} parts, which must be a feature each`
    : `is a ${geometry["type"].slice(0, 40)}`;
}

function nameOfCrs(crs: unknown): string | null {
  const properties = isObject(crs) ? crs["properties"] : null;
  const name = isObject(properties) ? properties["name"] : null;
  return typeof name === "string" ? name.slice(0, 100) : null;
}

/** A property that says nothing counts as missing. */
const given = (value: unknown): unknown => (value === null || value === "" ? undefined : value);
const ours = (schema: typeof zoneColor, value: unknown): string | undefined => schema.safeParse(value).data;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
