import { type LocationSample, locationSample } from "@dsp-fleet/contract";

/** What a phone's positioning gives. Angles in degrees, WGS 84. */
export type Fix = {
  /** The time of the fix by the phone's clock, milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly accuracyMeters?: number | null;
  readonly speedMps?: number | null;
  readonly headingDegrees?: number | null;
  readonly altitudeMeters?: number | null;
  readonly batteryPercent?: number | null;
};

/** One centimetre, in degrees and in metres: more digits only fill the frame. */
const coordinateDigits = 7;
const quantityDigits = 2;

const { shape } = locationSample;
const quantities = ["accuracyMeters", "speedMps", "headingDegrees", "altitudeMeters", "batteryPercent"] as const;

/** Fix → the contract's sample. Side values that make no sense (phones give −1 or NaN) are left out; null when it has no position or time. */
export function toSample(fix: Fix): LocationSample | null {
  const at = new Date(Math.trunc(fix.atMs));
  if (Number.isNaN(at.getTime())) return null;
  const where = {
    atUtc: at.toISOString(),
    lat: round(fix.lat, coordinateDigits),
    lon: round(fix.lon, coordinateDigits),
  };
  const sample = locationSample.safeParse(where);
  if (!sample.success) return null;
  for (const name of quantities) {
    const value = fix[name];
    if (value === undefined || value === null) continue;
    const rounded = round(value, quantityDigits);
    if (shape[name].safeParse(rounded).success) sample.data[name] = rounded;
  }
  return sample.data;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
