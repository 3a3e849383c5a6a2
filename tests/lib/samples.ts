/** Fixes one second apart, the last at `endMs`; every field is there, as long as a phone's floats make it. */
export const fullSamples = (count: number, endMs: number) =>
  Array.from({ length: count }, (_, index) => ({
    atUtc: new Date(endMs - (count - 1 - index) * 1_000).toISOString(),
    lat: -52.52000659999 + index / 1e6,
    lon: -113.404953999999 - index / 1e6,
    accuracyMeters: 12.300000190734863,
    speedMps: 12.300000190734863,
    headingDegrees: 271.1000061035156,
    altitudeMeters: 1034.0999755859375,
    batteryPercent: 88.30000305175781,
  }));

export const sampleAt = (atMs: number, lat = 1, lon = 1) => ({ atUtc: new Date(atMs).toISOString(), lat, lon });
