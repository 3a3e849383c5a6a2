import type { DeviceKey } from "./history-sync-repository.ts";
import { createTrack, trackMarginMs } from "./track.ts";
import type { TrackFix } from "./track-fix.ts";
import type { TrackRepository } from "./track-repository.ts";

export type Range = { readonly fromMs: number; readonly toMs: number };

/** The track of a device in a range, a page at a time. However a longer one is cut into ranges, the fixes are the same. */
export async function* readTrack(
  repository: TrackRepository,
  device: DeviceKey,
  range: Range,
): AsyncGenerator<readonly TrackFix[]> {
  const track = createTrack(range);
  for await (const page of repository.fixes(device, range.fromMs - trackMarginMs, range.toMs + trackMarginMs)) {
    yield page.flatMap((fix) => track.add(fix));
  }
  yield track.end();
}
