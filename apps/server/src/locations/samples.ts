import { type LocationSample, locationSample, type SampleRejection } from "@dsp-fleet/contract";

/** A phone's clock may run ahead by this much. */
const futureToleranceMs = 2 * 60_000;
const dayMs = 24 * 3_600_000;

export type AcceptedSample = { index: number; atMs: number; sample: LocationSample };
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
    const atMs = Date.parse(parsed.data.atUtc);
    if (atMs > now + futureToleranceMs) rejected.push({ index, code: "future" });
    else if (atMs < now - retentionDays * dayMs) rejected.push({ index, code: "too-old" });
    else if (accepted.has(atMs)) repeated += 1;
    else accepted.set(atMs, { index, atMs, sample: parsed.data });
  }
  return { accepted: [...accepted.values()], repeated, rejected };
}
