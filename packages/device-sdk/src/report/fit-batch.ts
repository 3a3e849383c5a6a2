import type { QueuedFix } from "../store/device-store.ts";

/** As many as one ReportSamples carries. */
export const batchMaximum = 200;
/** A SignalR server takes 32 KiB a message by default; the rest is for the envelope. */
const batchMaximumBytes = 30_000;

/** The longest start of the list that fits one frame; at least one fix. Samples are ASCII as JSON. */
export function fitBatch(fixes: readonly QueuedFix[], maximum: number): readonly QueuedFix[] {
  let bytes = 0;
  let count = 0;
  for (const { sample } of fixes.slice(0, maximum)) {
    bytes += JSON.stringify(sample).length + 1;
    if (count > 0 && bytes > batchMaximumBytes) break;
    count += 1;
  }
  return fixes.slice(0, count);
}
