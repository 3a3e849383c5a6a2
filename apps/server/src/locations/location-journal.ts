import type { Clock } from "../clock.ts";
import type { Database, DeviceStateRow, SampleRow } from "../database/database.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import type { Logger } from "../logger.ts";

/** A crash may cost a live fix that is younger than this. */
export const flushAfterMs = 250;
/** After a failed write; the fixes stay queued. */
const retryAfterMs = 1_000;
/** With the database away: 5,000 vans for 20 s. Past it the oldest fixes of the track go, the newest positions stay. */
export const maximumQueuedSamples = 100_000;

export type LocationJournal = {
  /** Notes a live fix and the device's state; on disk within `flushAfterMs`. */
  live(device: LiveDevice, sample: SampleRow): void;
  /** Notes that the device's state changed. */
  touched(device: LiveDevice): void;
  /** Writes what is queued; resolves when it is durable or the write has failed. */
  flush(): Promise<void>;
  readonly queued: number;
};

export function createLocationJournal(database: Database, clock: Clock, logger: Logger): LocationJournal {
  let samples: SampleRow[] = [];
  let touched = new Set<LiveDevice>();
  let scheduled = false;
  let dropped = 0;

  function schedule(ms: number): void {
    if (scheduled) return;
    scheduled = true;
    clock.after(ms, () => {
      scheduled = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    if (samples.length === 0 && touched.size === 0) return;
    const batch = { samples, devices: [...touched].map(toDeviceState) };
    const devices = touched;
    samples = [];
    touched = new Set();
    try {
      await database.writeLocations(batch);
    } catch (error) {
      logger.error(
        { err: error, samples: batch.samples.length },
        "live positions could not be written; they stay queued",
      );
      samples = batch.samples.concat(samples);
      if (samples.length > maximumQueuedSamples) {
        dropped += samples.length - maximumQueuedSamples;
        samples = samples.slice(-maximumQueuedSamples);
        logger.error({ dropped }, "the queue of live positions is full; the oldest were dropped");
      }
      touched = devices.union(touched);
      schedule(retryAfterMs);
    }
  }

  return {
    live(device, sample) {
      samples.push(sample);
      touched.add(device);
      schedule(flushAfterMs);
    },
    touched(device) {
      touched.add(device);
      schedule(flushAfterMs);
    },
    flush,
    get queued() {
      return samples.length;
    },
  };
}

export function toDeviceState(device: LiveDevice): DeviceStateRow {
  return {
    deviceId: device.id,
    lastLat: device.lastLat,
    lastLon: device.lastLon,
    lastLocationMs: device.lastLocationAt,
    batteryPercent: device.batteryLevelPercent,
    appVersion: device.appVersion,
    appLanguage: device.appLanguage,
    appInfoMs: device.appInfoAt,
  };
}
