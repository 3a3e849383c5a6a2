import { type LocationSample, type SamplesReceipt, samplesReceipt } from "@dsp-fleet/contract";
import { type Clock, fullJitter, type Random } from "@dsp-fleet/fleet-client";
import { pause } from "../pause.ts";
import type { DeviceStore } from "../store/device-store.ts";

export type HistorySender = {
  /** The server asks for what the phone still keeps. */
  asked(): void;
  /** The server asks again at the next connect. */
  disconnected(): void;
};

/** 130 KB: a bad network takes it within the time of one call, and a dispatcher sees it go on. */
const historyBatch = 500;
const historyBackoff = { minimumMs: 1_000, maximumMs: 60_000 };

/** Sends all that is kept, from the oldest on, and says when there is no more. A fix leaves the store only once the server has answered for it. */
export function createHistorySender(options: {
  send: (body: { samples: LocationSample[]; final: boolean }, signal: AbortSignal) => Promise<unknown>;
  store: DeviceStore;
  clock: Clock;
  random: Random;
  onAnswered: (receipt: SamplesReceipt, removed: number) => void;
  /** True while it works well: who sends the same fixes another way may wait. */
  onBusy: (isBusy: boolean) => void;
}): HistorySender {
  const { send, store, clock, random, onAnswered, onBusy } = options;
  let running: AbortController | null = null;

  async function run({ signal }: AbortController): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        onBusy(failures === 0);
        if (await sendBatch(signal)) return;
        failures = 0;
      } catch {
        if (signal.aborted) return;
        failures += 1;
        onBusy(false);
        await pause(clock, fullJitter(historyBackoff, failures, random), signal).catch(() => {});
      }
    }
  }

  /** True when it was the last. */
  async function sendBatch(signal: AbortSignal): Promise<boolean> {
    const fixes = await store.read("oldest", historyBatch);
    const final = fixes.length < historyBatch;
    const samples = fixes.map(({ sample }) => sample);
    const receipt = samplesReceipt.parse(await send({ samples, final }, signal));
    const { accepted, duplicates, rejected } = receipt;
    if (accepted + duplicates + rejected.length !== fixes.length) throw new Error("the receipt is of another batch");
    onAnswered(receipt, await store.remove(fixes.map(({ atMs }) => atMs)));
    return final;
  }

  return {
    asked() {
      if (running !== null) return;
      const mine = new AbortController();
      running = mine;
      void run(mine).finally(() => {
        if (running !== mine) return;
        running = null;
        onBusy(false);
      });
    },
    disconnected() {
      running?.abort();
      running = null;
      onBusy(false);
    },
  };
}
