import type { DeviceStateRow, LocationBatch, SampleRow } from "./database.ts";
import { sampleSourceCodes } from "./schema.ts";

/** Numbers of a sample, in the order of its columns in location_samples; live_log keeps rows of this shape. */
export const sampleWidth = 12;
/** Numbers of a device state: id, lat, lon, time of fix, battery, time of info. */
export const stateWidth = 6;

/** Location batches as one block of numbers that changes threads without a copy; NaN stands for null. */
export type LocationColumns = {
  readonly samples: Float64Array<ArrayBuffer>;
  readonly states: Float64Array<ArrayBuffer>;
  /** Version and language of every state, in pairs; left out when there are none. */
  readonly texts: (string | null)[] | null;
};

const orNaN = (value: number | null): number => value ?? Number.NaN;

function putSample(into: Float64Array, at: number, row: SampleRow): void {
  into[at] = row.deviceId;
  into[at + 1] = row.atMs;
  into[at + 2] = row.accountId;
  into[at + 3] = row.lat;
  into[at + 4] = row.lon;
  into[at + 5] = orNaN(row.accuracyMeters);
  into[at + 6] = orNaN(row.speedMps);
  into[at + 7] = orNaN(row.headingDegrees);
  into[at + 8] = orNaN(row.altitudeMeters);
  into[at + 9] = orNaN(row.batteryPercent);
  into[at + 10] = row.receivedMs;
  into[at + 11] = sampleSourceCodes[row.source];
}

function putState(into: Float64Array, at: number, row: DeviceStateRow): void {
  into[at] = row.deviceId;
  into[at + 1] = orNaN(row.lastLat);
  into[at + 2] = orNaN(row.lastLon);
  into[at + 3] = orNaN(row.lastLocationMs);
  into[at + 4] = orNaN(row.batteryPercent);
  into[at + 5] = orNaN(row.appInfoMs);
}

/** Puts batches one behind the other. */
export function toLocationColumns(batches: readonly LocationBatch[]): LocationColumns {
  let sampleCount = 0;
  let stateCount = 0;
  for (const batch of batches) {
    sampleCount += batch.samples.length;
    stateCount += batch.devices.length;
  }
  const samples = new Float64Array(sampleCount * sampleWidth);
  const states = new Float64Array(stateCount * stateWidth);
  let texts: (string | null)[] | null = null;
  let sampleAt = 0;
  let stateAt = 0;
  for (const batch of batches) {
    for (const row of batch.samples) {
      putSample(samples, sampleAt, row);
      sampleAt += sampleWidth;
    }
    for (const row of batch.devices) {
      putState(states, stateAt, row);
      if (row.appVersion !== null || row.appLanguage !== null) {
        texts ??= Array.from({ length: stateCount * 2 }, () => null);
        const pair = (stateAt / stateWidth) * 2;
        texts[pair] = row.appVersion;
        texts[pair + 1] = row.appLanguage;
      }
      stateAt += stateWidth;
    }
  }
  return { samples, states, texts };
}

/** Row numbers of `samples` ordered by device, then time, then arrival: neighbours on disk are written together. */
export function byDeviceAndTime(samples: Float64Array): Uint32Array {
  const order = new Uint32Array(samples.length / sampleWidth);
  for (let row = 0; row < order.length; row++) order[row] = row;
  const at = (row: number, column: number) => samples[row * sampleWidth + column] ?? Number.NaN;
  return order.sort((a, b) => at(a, 0) - at(b, 0) || at(a, 1) - at(b, 1) || a - b);
}
