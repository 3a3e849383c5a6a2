import type { TrackFix } from "../track-fix.ts";

/** Fixes of one line: 150 KB of text. A longer line goes on in the next, from the fix where it was cut. */
const longestSegment = 5_000;

export type Segment = { readonly kind: "line" | "outlier"; readonly fixes: readonly [TrackFix, ...TrackFix[]] };

/** The track as lines without a gap in them; an outlier stands alone. */
export async function* segmentsOf(pages: AsyncIterable<readonly TrackFix[]>): AsyncGenerator<Segment> {
  let line: [TrackFix, ...TrackFix[]] | null = null;
  let isGap = false;
  for await (const page of pages) {
    for (const fix of page) {
      isGap ||= fix.gapBefore;
      if (fix.outlier) {
        yield { kind: "outlier", fixes: [fix] };
        continue;
      }
      if (line === null) line = [fix];
      else if (isGap) {
        yield { kind: "line", fixes: line };
        line = [fix];
      } else {
        line.push(fix);
        if (line.length >= longestSegment) {
          yield { kind: "line", fixes: line };
          line = [fix];
        }
      }
      isGap = false;
    }
  }
  if (line !== null) yield { kind: "line", fixes: line };
}
