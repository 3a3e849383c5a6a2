export type Position = { readonly lat: number; readonly lon: number };

/** Mean radius of the earth in metres. */
const earthMeters = 6_371_008.8;
const radians = Math.PI / 180;

/** Great-circle distance in metres, by the haversine formula. */
export function metersBetween(a: Position, b: Position): number {
  const sinLat = Math.sin(((b.lat - a.lat) * radians) / 2);
  const sinLon = Math.sin(((b.lon - a.lon) * radians) / 2);
  const h = sinLat * sinLat + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * sinLon * sinLon;
  return 2 * earthMeters * Math.asin(Math.min(1, Math.sqrt(h)));
}
