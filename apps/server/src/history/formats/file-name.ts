import { isoTime } from "../../clock.ts";
import type { TrackToWrite } from "./format.ts";

/** `Van 12 2026-01-31.gpx`; a time is in it where the range is not a whole day of UTC. */
export function fileNameOf({ owner, range }: TrackToWrite, extension: string): string {
  const minutes = (ms: number) => isoTime(ms).slice(0, 16).replaceAll(":", "");
  return `${owner.name} ${minutes(range.fromMs)} ${minutes(range.toMs)}.${extension}`;
}
