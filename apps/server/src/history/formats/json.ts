import { isoTime } from "../../clock.ts";
import type { TrackFix } from "../track-fix.ts";
import type { TrackToWrite } from "./format.ts";

/** What is known of a track once it was read to its end. */
export type TrackSums = {
  readonly total: number;
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly clockSkewMs: number | null;
};

/** `Track` of the contract. */
export async function* writeJson({ owner, range, pages }: TrackToWrite, sums: () => TrackSums): AsyncGenerator<string> {
  const head = {
    deviceId: owner.deviceId,
    name: owner.name,
    from: isoTime(range.fromMs),
    to: isoTime(range.toMs),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"points":[`;
  let separator = "\n";
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield separator + page.map((fix) => JSON.stringify(point(fix))).join(",\n");
    separator = ",\n";
  }
  const { total, gaps, clockSkewMs } = sums();
  const tail = {
    gaps: gaps.map(({ fromMs, toMs }) => ({ from: isoTime(fromMs), to: isoTime(toMs) })),
    total,
    clockSkewMs,
  };
  yield `],${JSON.stringify(tail).slice(1)}`;
}

const point = (fix: TrackFix) => ({
  atUtc: isoTime(fix.atMs),
  lat: fix.lat,
  lon: fix.lon,
  accuracyMeters: fix.accuracyMeters,
  speedMps: fix.speedMps,
  headingDegrees: fix.headingDegrees,
  altitudeMeters: fix.altitudeMeters,
  batteryPercent: fix.batteryPercent,
  isLive: fix.isLive,
  outlier: fix.outlier,
  gapBefore: fix.gapBefore,
});
