import type { App } from "../app.ts";
import { isoOrNull } from "../devices/live-device.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { takeFrom } from "../limits/take-from.ts";
import { takeSamples } from "../locations/take-samples.ts";

/** Keeps fixes that the phone has saved up; answers once they are on disk, and notes how far the sync is. */
export const historySync =
  (app: App): RestHandlers["historySync"] =>
  async ({ principal }, { body }) => {
    const device = requireDevice(app, principal.accountId, principal.deviceId);
    takeFrom(app.history.batches, device.id);
    const { receipt, kept } = await takeSamples(app, device, body.samples);
    const times = kept.map(({ atMs }) => atMs);
    await app.history.syncs
      .arrived(device, {
        received: receipt.accepted + receipt.duplicates,
        fromMs: times.length === 0 ? null : Math.min(...times),
        toMs: times.length === 0 ? null : Math.max(...times),
        final: body.final ?? false,
      })
      // The fixes are on disk: that the step was not noted costs another request to the phone, not the fixes.
      .catch((error: unknown) => app.logger.error({ err: error }, "the progress of a history sync could not be kept"));
    // In the phone's own time, which may have lost 1,024 weeks.
    const sent = kept.map(({ sentMs }) => sentMs);
    return { ...receipt, ackedThrough: sent.length === 0 ? null : isoOrNull(Math.max(...sent)) };
  };
