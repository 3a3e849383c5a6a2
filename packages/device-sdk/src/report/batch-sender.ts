import { type FleetHub, type SamplesReceipt, samplesReceipt } from "@dsp-fleet/contract";
import { type Clock, fullJitter, type HubClient, isHubError, type Random } from "@dsp-fleet/fleet-client";
import type { DeviceStore } from "../store/device-store.ts";
import { batchMaximum, fitBatch } from "./fit-batch.ts";

export type BatchCounts = {
  /** Waiting in the store. */
  queued: number;
  accepted: number;
  duplicates: number;
  /** Refused by the server with a code: in the future, too old, invalid. */
  rejected: number;
};

export type BatchSender = {
  readonly counts: Readonly<BatchCounts>;
  /** The store has one fix more. */
  added(): void;
  /** The server has answered for fixes that went another way; `removed` were still in the store. */
  answered(receipt: SamplesReceipt, removed: number): void;
  /** While held it starts no batch. */
  hold(isHeld: boolean): void;
  /** The store has so many less, not by sending. */
  dropped(count: number): void;
  connected(): void;
  disconnected(): void;
  /** Starts again what should be running and is not. */
  check(): void;
  stuckForMs(): number;
};

/** Facts may wait for company: at most this long, or until so many have gathered. */
const gatherMs = 15_000;
const gatherCount = 20;
const batchBackoff = { minimumMs: 1_000, maximumMs: 60_000 };

type Timer = { readonly cancel: () => void };

/** Sends the queue by ReportSamples, one batch at a time; a fix leaves the store only once the server has answered for it. */
export function createBatchSender(options: {
  hub: HubClient<FleetHub>;
  store: DeviceStore;
  clock: Clock;
  random: Random;
  queued: number;
}): BatchSender {
  const { hub, store, clock, random } = options;
  const counts: BatchCounts = { queued: options.queued, accepted: 0, duplicates: 0, rejected: 0 };
  let isConnected = false;
  let isHeld = false;
  /** The batch of now; the answer to any other comes too late to steer, not too late to count. */
  let flight: { readonly sinceMs: number } | null = null;
  let timer: Timer | null = null;
  let failures = 0;
  let maximum = batchMaximum;

  function schedule(delayMs: number): void {
    timer?.cancel();
    timer = {
      cancel: clock.after(delayMs, () => {
        timer = null;
        void send("oldest");
      }),
    };
  }

  /** Right after a connect the newest go first, so that the map need not wait for the backlog. */
  async function send(end: "oldest" | "newest"): Promise<void> {
    if (!isConnected || isHeld || flight !== null) return;
    timer?.cancel();
    timer = null;
    const mine = { sinceMs: clock.now() };
    flight = mine;
    const outcome = await sendBatch(end);
    if (flight !== mine) return;
    flight = null;
    switch (outcome) {
      case "acknowledged":
        failures = 0;
        maximum = Math.min(batchMaximum, maximum * 2);
        return next();
      case "empty":
        // An append that is under way counts already, or will: look again later.
        if (counts.queued > 0) schedule(gatherMs);
        return;
      case "too-much":
        maximum = Math.max(1, Math.floor(maximum / 2));
        return void send(end);
      case "failed":
        return schedule(fullJitter(batchBackoff, failures++, random));
    }
  }

  function next(): void {
    if (!isConnected || isHeld || flight !== null) return;
    if (counts.queued >= gatherCount) void send("oldest");
    else if (counts.queued > 0) schedule(gatherMs);
  }

  async function sendBatch(end: "oldest" | "newest"): Promise<"acknowledged" | "empty" | "too-much" | "failed"> {
    try {
      const batch = fitBatch(await store.read(end, maximum), maximum);
      if (batch.length === 0) return "empty";
      const times = batch.map((fix) => fix.atMs);
      const answer = await invoke(batch.map((fix) => fix.sample));
      if (answer === "invalid") {
        if (batch.length > 1) return "too-much";
        counts.rejected += 1;
        await forget(times);
        return "acknowledged";
      }
      const { accepted, duplicates, rejected } = samplesReceipt.parse(answer);
      if (accepted + duplicates + rejected.length !== batch.length) return "failed";
      await forget(times);
      count({ accepted, duplicates, rejected });
      return "acknowledged";
    } catch {
      return "failed";
    }
  }

  function count({ accepted, duplicates, rejected }: SamplesReceipt): void {
    counts.accepted += accepted;
    counts.duplicates += duplicates;
    counts.rejected += rejected.length;
  }

  async function forget(timesMs: readonly number[]): Promise<void> {
    const removed = await store.remove(timesMs);
    counts.queued -= removed;
  }

  async function invoke(samples: unknown[]): Promise<unknown> {
    try {
      return await hub.invoke("ReportSamples", { samples });
    } catch (error) {
      if (isHubError(error, "invalid")) return "invalid";
      throw error;
    }
  }

  return {
    counts,
    added() {
      counts.queued += 1;
      if (!isConnected || flight !== null || failures > 0) return;
      if (counts.queued >= gatherCount) void send("oldest");
      else if (timer === null) schedule(gatherMs);
    },
    answered(receipt, removed) {
      count(receipt);
      counts.queued -= removed;
    },
    hold(now) {
      if (isHeld === now) return;
      isHeld = now;
      if (!isHeld && timer === null) next();
    },
    dropped(gone) {
      counts.queued -= gone;
    },
    connected() {
      isConnected = true;
      flight = null;
      void send("newest");
    },
    disconnected() {
      isConnected = false;
      timer?.cancel();
      timer = null;
    },
    check() {
      if (timer === null) next();
    },
    stuckForMs: () => (flight === null ? 0 : clock.now() - flight.sinceMs),
  };
}
