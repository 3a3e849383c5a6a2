import { isoTime } from "../../clock.ts";
import type { TrackFix } from "../track-fix.ts";
import type { TrackOwner } from "../track-repository.ts";
import { degrees, plain, type TrackWriter } from "./format.ts";

const columns = [
  "time_utc",
  "device_id",
  "device_name",
  "device_identifier",
  "lat_degrees",
  "lon_degrees",
  "accuracy_meters",
  "speed_mps",
  "heading_degrees",
  "altitude_meters",
  "battery_percent",
  "live",
  "outlier",
  "gap_before",
  "received_utc",
];

/** CSV (RFC 4180), UTF-8, a header with units, one line for each fix. */
export const writeCsv: TrackWriter = async function* ({ owner, pages }) {
  yield line(columns);
  for await (const page of pages) {
    if (page.length > 0) yield page.map((fix) => line(cells(owner, fix))).join("");
  }
};

function cells(owner: TrackOwner, fix: TrackFix): string[] {
  const number = (value: number | null): string => (value === null ? "" : plain(value));
  return [
    isoTime(fix.atMs),
    String(owner.deviceId),
    textCell(owner.name),
    textCell(owner.identifier ?? ""),
    degrees(fix.lat),
    degrees(fix.lon),
    number(fix.accuracyMeters),
    number(fix.speedMps),
    number(fix.headingDegrees),
    number(fix.altitudeMeters),
    number(fix.batteryPercent),
    String(fix.isLive),
    String(fix.outlier),
    String(fix.gapBefore),
    isoTime(fix.receivedMs),
  ];
}

const line = (values: readonly string[]): string => `${values.join(",")}\r\n`;

/** What a person wrote: an apostrophe keeps a table program from reading it as a formula. */
export function textCell(text: string): string {
  const harmless = /^[\s]*[=+\-@|%]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
