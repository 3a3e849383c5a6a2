import { join } from "node:path";
import { loadRoads, type RoadGraph } from "@dsp-fleet/city/roads";
import { openDeviceStores } from "@dsp-fleet/device-sdk/node";
import { elapsedFile } from "./elapsed.ts";
import { type Bind, enroll } from "./enroll.ts";
import { planFleet } from "./fleet.ts";
import { createNetworkGate } from "./network-gate.ts";
import { createPhone, type Phone } from "./phone.ts";
import { createScenario } from "./scenario.ts";
import { SLICES, startTicker } from "./ticker.ts";

export type FleetOptions = {
  readonly baseUrl: string;
  /** 1 to 1,000. */
  readonly vans: number;
  /** The same seed is the same vans on the same routes. */
  readonly seed: number;
  /** Van seconds in one second; 1 is life, more is load. */
  readonly speedFactor?: number;
  /** The city file of `ensureCity`, or its roads. */
  readonly city: string | RoadGraph;
  /** The phones' memory; a run on the same folder goes on with the same phones. */
  readonly storesDir: string;
  /** Ends the run; nothing that a phone kept is lost. */
  readonly signal: AbortSignal;
  readonly bind: Bind;
  /** Short sentences for a person. */
  readonly log?: (text: string) => void;
};

/** What the phones did in this run. */
export type FleetSummary = {
  /** Live fixes sent. */
  readonly live: number;
  /** Fixes that the server has as facts. */
  readonly accepted: number;
  readonly rejected: number;
  /** Still on the phones; the next run sends them. */
  readonly queued: number;
};

/** More would need more than the one core that a run may take. */
const MOST_VANS = 1_000;
const ENROLLED_AT_ONCE = 8;
const NOTE_ELAPSED_EVERY_MS = 10_000;

/** Drives the vans until the signal ends it; rejects when a phone cannot be paired. Speaks to the server as phones do. */
export const runFleet = async (options: FleetOptions): Promise<FleetSummary> => {
  const { baseUrl, vans, seed, speedFactor = 1, storesDir, bind, log = () => {} } = options;
  if (!Number.isInteger(vans) || vans < 1 || vans > MOST_VANS) throw new RangeError(`vans must be 1 to ${MOST_VANS}`);
  if (!(speedFactor > 0)) throw new RangeError("speedFactor must be more than 0");
  const failing = new AbortController();
  const signal = AbortSignal.any([options.signal, failing.signal]);

  const graph = typeof options.city === "string" ? await loadRoads(options.city, log) : options.city;
  using stores = openDeviceStores(join(storesDir, "phones.sqlite"));
  const elapsed = elapsedFile(storesDir, seed);
  const drivenBefore = await elapsed.read();
  const scenario = createScenario(graph, seed);
  const phones: Phone[] = [];
  const seen = new Set<string>();
  const onProblem = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    if (!seen.has(text) && seen.add(text)) log(`A phone has a problem: ${text}`);
  };
  for (const plan of planFleet(vans, seed)) {
    if (signal.aborted) break;
    const vehicle = scenario.vehicle(plan, drivenBefore);
    const store = stores.store(plan.key);
    phones.push(createPhone({ plan, baseUrl, vehicle, store, gate: createNetworkGate(), onProblem }));
    await new Promise((resolve) => setImmediate(resolve));
  }

  using ticker = startTicker({
    speedFactor,
    onSlice(slice, nowMs) {
      for (let at = slice; at < phones.length; at += SLICES) phones[at]?.tick(nowMs);
    },
  });
  const note = (): Promise<void> => elapsed.write(drivenBefore + ticker.elapsedSeconds()).catch(onProblem);
  const noting = setInterval(() => void note(), NOTE_ELAPSED_EVERY_MS);
  try {
    await enrollAll(phones, bind, signal, log);
    await untilAborted(signal);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    failing.abort();
    clearInterval(noting);
    ticker[Symbol.dispose]();
    await note();
    await Promise.all(phones.map((phone) => phone[Symbol.asyncDispose]()));
  }
  return summarize(phones);
};

const enrollAll = async (
  phones: readonly Phone[],
  bind: Bind,
  signal: AbortSignal,
  log: (text: string) => void,
): Promise<void> => {
  const waiting = phones.values();
  let paired = 0;
  const worker = async (): Promise<void> => {
    for (const phone of waiting) {
      if ((await enroll(phone, bind, signal)) === "paired") paired += 1;
      parkWhenUnbound(phone, log);
    }
  };
  await Promise.all(Array.from({ length: ENROLLED_AT_ONCE }, worker));
  log(`${phones.length} vans are on their way${paired === 0 ? "" : `, ${paired} of them newly paired`}.`);
};

/** A van whose phone somebody unbinds stays away until the next run: that is what unbinding means. */
const parkWhenUnbound = ({ plan, device }: Phone, log: (text: string) => void): void => {
  device.onState(({ kind }) => {
    if (kind !== "unbound") return;
    log(`${plan.name} was unbound; its phone is off.`);
    void device.stop();
  });
};

const summarize = (phones: readonly Phone[]): FleetSummary => {
  const counts = phones.map(({ device }) => device.counts);
  const sum = (name: keyof FleetSummary): number => counts.reduce((total, each) => total + each[name], 0);
  return { live: sum("live"), accepted: sum("accepted"), rejected: sum("rejected"), queued: sum("queued") };
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
