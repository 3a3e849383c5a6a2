import { type LocationSample, locationSample, type SampleRejection } from "@dsp-fleet/contract";

/** A phone's clock may run ahead by this much. */
const futureToleranceMs = 2 * 60_000;
const dayMs = 24 * 3_600_000;
/** GPS counts its weeks in ten bits: a receiver that was not told of a rollover is this far behind, to the second. */
const weekRolloverMs = 1_024 * 7 * dayMs;

export type AcceptedSample = {
  index: number;
  /** The time of the fix, with the weeks that the receiver has lost. */
  atMs: number;
  /** The same as the phone sent it. */
  sentMs: number;
  sample: LocationSample;
};
export type SortedSamples = {
  accepted: AcceptedSample[];
  /** Again the time of another one in the same batch. */
  repeated: number;
  rejected: { index: number; code: SampleRejection }[];
};

/** Looks at each sample on its own: a bad one spoils no other. The first of one time wins. */
export function sortSamples(samples: readonly unknown[], now: number, retentionDays: number): SortedSamples {
  const accepted = new Map<number, AcceptedSample>();
  const rejected: SortedSamples["rejected"] = [];
  let repeated = 0;
  for (const [index, value] of samples.entries()) {
    const parsed = locationSample.safeParse(value);
    if (!parsed.success) {
      rejected.push({ index, code: "invalid" });
      continue;
    }
    const sentMs = Date.parse(parsed.data.atUtc);
    const earliest = now - retentionDays * dayMs;
    const latest = now + futureToleranceMs;
    const rolledMs = sentMs + weekRolloverMs;
    const atMs = sentMs < earliest && rolledMs >= earliest && rolledMs <= latest ? rolledMs : sentMs;
    if (atMs > latest) rejected.push({ index, code: "future" });
    else if (atMs < earliest) rejected.push({ index, code: "too-old" });
    else if (accepted.has(atMs)) repeated += 1;
    else accepted.set(atMs, { index, atMs, sentMs, sample: parsed.data });
  }
  return { accepted: [...accepted.values()], repeated, rejected };
}
