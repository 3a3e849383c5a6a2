import type { FleetHub, LocationSample } from "@dsp-fleet/contract";
import type { Clock, HubClient, Random } from "@dsp-fleet/fleet-client";
import { type Fix, toSample } from "../fix.ts";
import { gapMs, isOverfull, ringAt, trimEvery } from "../ring.ts";
import type { DeviceStore, QueuedFix } from "../store/device-store.ts";
import { type BatchCounts, createBatchSender } from "./batch-sender.ts";
import { createHistorySender } from "./history-sender.ts";
import { type AppInfo, createLiveSender } from "./live-sender.ts";

export type ReporterCounts = Readonly<BatchCounts> & {
  /** Live fixes sent. */
  readonly live: number;
  /** Fallen out of the ring, unsent. */
  readonly dropped: number;
};

export type Reporter = Disposable & {
  report(fix: Fix): Promise<void>;
  readonly counts: ReporterCounts;
};

/** An answer takes milliseconds; the stock client itself notices a dead connection after 30 s. */
const stuckAfterMs = 45_000;
const watchEveryMs = 15_000;

/** Store first, then send: live at once, the sample in a batch. A watchdog restarts what is stuck. */
export async function createReporter(options: {
  hub: HubClient<FleetHub>;
  store: DeviceStore;
  clock: Clock;
  random: Random;
  info: AppInfo;
  /** POST /api/devices/history-sync. */
  sendHistory: (body: { samples: LocationSample[]; final: boolean }, signal: AbortSignal) => Promise<unknown>;
}): Promise<Reporter> {
  const { hub, store, clock, random, info, sendHistory } = options;
  let dropped = await store.trim(ringAt(clock.now()));
  const live = createLiveSender(hub, clock, info);
  const batches = createBatchSender({ hub, store, clock, random, queued: await store.count() });
  const history = createHistorySender({
    send: sendHistory,
    store,
    clock,
    random,
    onAnswered: batches.answered,
    onBusy: batches.hold,
  });
  let lastAtMs: number | null = null;
  let untilTrim = trimEvery;
  let isDisposed = false;

  const forgetState = hub.onState(({ kind }) => {
    if (kind === "connected") {
      live.connected();
      batches.connected();
    } else {
      live.disconnected();
      batches.disconnected();
      history.disconnected();
    }
  });
  // All that is kept has to go anyway, whatever the hours that it is asked for.
  const forgetRequests = hub.on("RequestHistorySync", () => history.asked());
  let cancelWatch = clock.after(watchEveryMs, watch);

  function watch(): void {
    cancelWatch = clock.after(watchEveryMs, watch);
    if (Math.max(live.stuckForMs(), batches.stuckForMs()) > stuckAfterMs) hub.restart("no answer");
    else batches.check();
  }

  async function trim(): Promise<void> {
    untilTrim = trimEvery;
    const gone = await store.trim(ringAt(clock.now()));
    dropped += gone;
    batches.dropped(gone);
  }

  return {
    async report(fix) {
      const sample = toSample(fix);
      if (sample === null) throw new RangeError("a fix needs a time, and a position on earth");
      const atMs = Date.parse(sample.atUtc);
      const afterGap = lastAtMs === null || atMs - lastAtMs > gapMs;
      lastAtMs = Math.max(atMs, lastAtMs ?? atMs);
      const queued: QueuedFix = { atMs, sample, afterGap };
      try {
        const isNew = await store.append(queued);
        if (isDisposed) return;
        if (isNew) batches.added();
      } finally {
        // Also with a full disk: the live map is then all that is left.
        if (!isDisposed) live.offer(queued);
      }
      if (isOverfull(batches.counts.queued) || --untilTrim <= 0) await trim();
    },
    get counts() {
      return { ...batches.counts, live: live.sent, dropped };
    },
    [Symbol.dispose]() {
      isDisposed = true;
      forgetState();
      forgetRequests();
      cancelWatch();
      live.disconnected();
      batches.disconnected();
      history.disconnected();
    },
  };
}
