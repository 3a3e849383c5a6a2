import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import { isoOrNull } from "../devices/live-device.ts";
import type { RestHandlers } from "../http/context.ts";
import { takeFrom } from "../limits/take-from.ts";

/** Longer than the journal keeps anything back. */
const recentMs = 10_000;

/** Where every device that was bound then was at a moment. */
export const fleetAt =
  (app: App): RestHandlers["fleetAt"] =>
  async ({ principal }, { query }) => {
    takeFrom(app.history.reads, principal.userId);
    const now = app.clock.now();
    const atMs = query.time === undefined ? now : Date.parse(query.time);
    if (atMs > now - recentMs) await app.journal.writeFixes();
    const devices = await app.history.tracks.fleetAt(principal.accountId, atMs);
    return {
      time: isoTime(atMs),
      devices: devices.map(({ fixMs, ...device }) => ({
        ...device,
        atUtc: isoOrNull(fixMs),
        ageSeconds: fixMs === null ? null : Math.round((atMs - fixMs) / 1_000),
      })),
    };
  };
