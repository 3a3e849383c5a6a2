export type Place = { readonly lat: number; readonly lon: number };

/** The same meridian, counted so that it is within half a turn of another: 180.1 and not −179.9 beside 179.9. */
export const lonNear = (lon: number, other: number): number => lon + 360 * Math.round((other - lon) / 360);

/** −180 to 180. */
export const lonOnEarth = (lon: number): number => lonNear(lon, 0);

const earthRadiusMeters = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres along the earth between two places, as a sphere: within half a percent. */
export function distanceMeters(a: Place, b: Place): number {
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2;
  const chord = half(b.lat - a.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(b.lon - a.lon);
  return 2 * earthRadiusMeters * Math.asin(Math.min(1, Math.sqrt(chord)));
}
