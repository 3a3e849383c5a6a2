import type { SamplesReceipt } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import type { SampleRow } from "../database/database.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import { toDeviceState } from "./location-journal.ts";
import { type AcceptedSample, sortSamples } from "./samples.ts";

export type TakenSamples = {
  readonly receipt: SamplesReceipt;
  /** What is on disk now, those known before among them; in the order they came. */
  readonly kept: readonly AcceptedSample[];
};

/** Keeps fixes with their own times; answers once they are on disk, then shows the newest to the account. Both doors for samples lead here. */
export async function takeSamples(app: App, device: LiveDevice, samples: readonly unknown[]): Promise<TakenSamples> {
  const now = app.clock.now();
  const { retentionDays } = await app.accounts.account(device.accountId);
  const { accepted, repeated, rejected } = sortSamples(samples, now, retentionDays);
  if (accepted.length === 0) return { receipt: { accepted: 0, duplicates: repeated, rejected }, kept: [] };

  const rows = accepted.map((sample) => toRow(device, sample, now));
  const newest = newestPosition(rows, now);
  const isNews = device.lastLocationAt === null || newest.atMs > device.lastLocationAt;
  const state = toDeviceState(device);
  if (isNews) Object.assign(state, { lastLat: newest.lat, lastLon: newest.lon, lastLocationMs: newest.atMs });
  const { fresh } = await app.database.writeLocations({ samples: rows, devices: isNews ? [state] : [] });

  // A later fix may have come while this batch was being written, or the device may have been unbound.
  const isBound = app.devices.get(device.accountId, device.id) === device;
  if (isBound && (device.lastLocationAt === null || newest.atMs > device.lastLocationAt)) {
    device.lastLat = newest.lat;
    device.lastLon = newest.lon;
    device.lastLocationAt = newest.atMs;
    device.batteryLevelPercent = newest.batteryPercent ?? device.batteryLevelPercent;
    app.journal.touched(device);
    app.devices.changed(device);
    app.tell.deviceUpdated(device);
    app.fastLocation.reported(device.id);
    app.rescues.moved(device.id);
  }
  if (isBound)
    app.zoneVisits.backfilled(
      device,
      rows.filter((_, index) => fresh[index] === true),
    );
  const count = fresh.filter(Boolean).length;
  return { receipt: { accepted: count, duplicates: repeated + rows.length - count, rejected }, kept: accepted };
}

/** The newest fix; a clock that runs ahead does not make it later than now, or it would hide the fixes that follow. */
function newestPosition(rows: readonly SampleRow[], now: number): SampleRow {
  const newest = rows.reduce((latest, row) => (row.atMs > latest.atMs ? row : latest));
  return { ...newest, atMs: Math.min(newest.atMs, now) };
}

function toRow(device: LiveDevice, { atMs, sample }: AcceptedSample, receivedMs: number): SampleRow {
  return {
    deviceId: device.id,
    accountId: device.accountId,
    atMs,
    lat: sample.lat,
    lon: sample.lon,
    accuracyMeters: sample.accuracyMeters ?? null,
    speedMps: sample.speedMps ?? null,
    headingDegrees: sample.headingDegrees ?? null,
    altitudeMeters: sample.altitudeMeters ?? null,
    batteryPercent: sample.batteryPercent ?? null,
    receivedMs,
    source: "samples",
  };
}
