import type { Clock } from "../clock.ts";
import type { Database, DeviceStateRow, SampleRow } from "../database/database.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import type { Logger } from "../logger.ts";

/** A crash may cost a live fix that is younger than this. */
const flushAfterMs = 750;
/** A device's own row follows its fixes this often: the fixes are on disk already, and a start reads the newest of them. */
const stateEveryMs = 10_000;
/** After a failed write; the fixes stay queued. */
const retryAfterMs = 1_000;
/** With the database away: 5,000 vans for 20 s. Past it the oldest fixes of the track go, the newest positions stay. */
const maximumQueuedSamples = 100_000;

export type LocationJournal = {
  /** Notes a live fix; on disk within `flushAfterMs`. */
  live(device: LiveDevice, sample: SampleRow): void;
  /** Notes that the device's state changed in more than its fix; on disk within `flushAfterMs`. */
  touched(device: LiveDevice): void;
  /** Writes the fixes that wait, so that who reads the track next finds them; resolves as `flush` does. */
  writeFixes(): Promise<void>;
  /** Writes all that is not on disk yet; resolves when it is durable or the write has failed. */
  flush(): Promise<void>;
  readonly queued: number;
  /** Live fixes noted since the start. */
  readonly recorded: number;
};

export function createLocationJournal(database: Database, clock: Clock, logger: Logger): LocationJournal {
  let samples: SampleRow[] = [];
  let touched = new Set<LiveDevice>();
  /** Devices whose fixes are newer than their row. */
  let moved = new Set<LiveDevice>();
  let movedWrittenAt = clock.now();
  let scheduled = false;
  let dropped = 0;
  let recorded = 0;
  const underWay = new Set<Promise<void>>();

  function schedule(ms: number): void {
    if (scheduled) return;
    scheduled = true;
    clock.after(ms, () => {
      scheduled = false;
      void begin(clock.now() - movedWrittenAt >= stateEveryMs);
    });
  }

  function begin(withMoved: boolean): Promise<void> {
    const writing = write(withMoved).finally(() => underWay.delete(writing));
    underWay.add(writing);
    return writing;
  }

  /** What was taken up before is under way still; it counts as well. */
  async function settled(withMoved: boolean): Promise<void> {
    void begin(withMoved);
    await Promise.all(underWay);
  }

  async function write(withMoved: boolean): Promise<void> {
    if (withMoved) {
      touched = touched.union(moved);
      moved = new Set();
      movedWrittenAt = clock.now();
    }
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
      recorded += 1;
      samples.push(sample);
      moved.add(device);
      schedule(flushAfterMs);
    },
    touched(device) {
      touched.add(device);
      schedule(flushAfterMs);
    },
    writeFixes: () => settled(false),
    flush: () => settled(true),
    get queued() {
      return samples.length;
    },
    get recorded() {
      return recorded;
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
