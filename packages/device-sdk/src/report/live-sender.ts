import type { FleetHub } from "@dsp-fleet/contract";
import { type Clock, type HubClient, isHubError } from "@dsp-fleet/fleet-client";
import type { QueuedFix } from "../store/device-store.ts";

export type AppInfo = { readonly appVersion: string | null; readonly appLanguage: string | null };

export type LiveSender = {
  /** Takes a fix for the live map; a newer one replaces it while it waits. */
  offer(fix: QueuedFix): void;
  connected(): void;
  disconnected(): void;
  /** For how long the call of now has had no answer. */
  stuckForMs(): number;
  readonly sent: number;
};

/** ReportLocation says "now", so a fix older than this goes only as a sample, with its time. */
const liveFixMaximumAgeMs = 15_000;
/** A phone whose clock was set back may start its order of fixes anew. */
const clockSlackMs = 2_000;

/** State, not fact: newest wins, one call at a time, and never an older fix after a newer one. */
export function createLiveSender(hub: HubClient<FleetHub>, clock: Clock, info: AppInfo): LiveSender {
  let waiting: QueuedFix | null = null;
  let newestMs = Number.NEGATIVE_INFINITY;
  let call: { readonly sinceMs: number } | null = null;
  let isConnected = false;
  let isInfoDue = false;
  let sent = 0;

  const isFresh = (fix: QueuedFix): boolean => Math.abs(clock.now() - fix.atMs) <= liveFixMaximumAgeMs;

  async function flush(): Promise<void> {
    if (!isConnected || call !== null) return;
    const fix = waiting !== null && isFresh(waiting) ? waiting : null;
    waiting = null;
    if (fix === null && !isInfoDue) return;
    const mine = { sinceMs: clock.now() };
    call = mine;
    const app = isInfoDue ? info : {};
    isInfoDue = false;
    try {
      if (fix === null) await hub.invoke("ReportDeviceInfo", app);
      else {
        const { lat, lon, batteryPercent = null } = fix.sample;
        sent += 1;
        await hub.invoke("ReportLocation", { lat, lon, batteryPercent, ...app });
      }
    } catch (error) {
      if (call !== mine) return;
      if (isHubError(error, "disconnected")) {
        call = null;
        waiting ??= fix;
        return;
      }
      // A refused fix is not tried again: the next is seconds away, and the sample carries this one.
    }
    if (call !== mine) return;
    call = null;
    await flush();
  }

  return {
    offer(fix) {
      if (newestMs > clock.now() + clockSlackMs) newestMs = Number.NEGATIVE_INFINITY;
      if (fix.atMs <= newestMs) return;
      newestMs = fix.atMs;
      waiting = fix;
      void flush();
    },
    connected() {
      isConnected = true;
      isInfoDue = true;
      call = null;
      void flush();
    },
    disconnected() {
      isConnected = false;
    },
    stuckForMs: () => (call === null ? 0 : clock.now() - call.sinceMs),
    get sent() {
      return sent;
    },
  };
}
