import type { TrackFix } from "../track-fix.ts";

/** Fixes of one line: 150 KB of text. A longer line goes on in the next, from the fix where it was cut. */
const longestSegment = 5_000;

export type Segment = { readonly kind: "line" | "outlier"; readonly fixes: readonly [TrackFix, ...TrackFix[]] };

/** RFC 7946, 3.1.9: a line from 179.9 to −179.9 would be drawn around the world. */
const crossesDateLine = (a: TrackFix | undefined, b: TrackFix): boolean =>
  a !== undefined && Math.abs(a.lon - b.lon) > 180;

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
      else if (isGap || crossesDateLine(line.at(-1), fix)) {
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
