export type Position = { readonly lat: number; readonly lon: number };

/** Mean Earth radius in metres. */
const EARTH_METERS = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** Great-circle distance in metres (haversine). */
export const metersBetween = (latA: number, lonA: number, latB: number, lonB: number): number => {
  const sinLat = Math.sin(((latB - latA) * RADIANS) / 2);
  const sinLon = Math.sin(((lonB - lonA) * RADIANS) / 2);
  const h = sinLat * sinLat + Math.cos(latA * RADIANS) * Math.cos(latB * RADIANS) * sinLon * sinLon;
  return 2 * EARTH_METERS * Math.asin(Math.min(1, Math.sqrt(h)));
};

/** Metres in one degree of latitude. */
export const METERS_PER_DEGREE: number = EARTH_METERS * RADIANS;

/** Metres in one degree of longitude at a latitude. */
export const metersPerDegreeLon = (lat: number): number => METERS_PER_DEGREE * Math.cos(lat * RADIANS);

/** Bearing from A to B over a short way, degrees clockwise from north in [0, 360). */
export const bearingDegrees = (latA: number, lonA: number, latB: number, lonB: number): number => {
  const east = (lonB - lonA) * Math.cos(((latA + latB) / 2) * RADIANS);
  const degrees = Math.atan2(east, latB - latA) / RADIANS;
  return (degrees + 360) % 360;
};

/** The smaller angle between two headings, in [0, 180]. */
export const turnDegrees = (from: number, to: number): number => {
  const difference = Math.abs(to - from) % 360;
  return difference > 180 ? 360 - difference : difference;
};
