import type { Range } from "../read-track.ts";
import type { TrackFix } from "../track-fix.ts";
import type { TrackOwner } from "../track-repository.ts";

/** A track that is written: whose, when, and its fixes a page at a time. */
export type TrackToWrite = {
  readonly owner: TrackOwner;
  readonly range: Range;
  readonly pages: AsyncIterable<readonly TrackFix[]>;
};

/** Writes a track as it is read, in chunks of some ten to some hundred KB. */
export type TrackWriter = (track: TrackToWrite) => AsyncIterable<string>;

/** Degrees to a centimetre; never as `1e-7`, which is no decimal of XML. */
export const degrees = (value: number): string => plain(value, 7);

/** A number with at most so many digits behind the point, without an exponent. */
export function plain(value: number, digits = 2): string {
  const text = value.toFixed(digits).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
