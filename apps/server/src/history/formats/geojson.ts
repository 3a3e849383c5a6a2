import { isoTime } from "../../clock.ts";
import type { TrackFix } from "../track-fix.ts";
import type { TrackWriter } from "./format.ts";
import { type Segment, segmentsOf } from "./segments.ts";

/** GeoJSON (RFC 7946): a line for each part without a gap, with the times of its positions as `coordTimes`; a point for a lone fix or an outlier. */
export const writeGeoJson: TrackWriter = async function* ({ owner, pages }) {
  yield '{"type":"FeatureCollection","features":[';
  let separator = "\n";
  for await (const segment of segmentsOf(pages)) {
    yield separator + JSON.stringify(feature(owner.deviceId, owner.name, segment));
    separator = ",\n";
  }
  yield "\n]}\n";
};

const position = ({ lat, lon }: TrackFix) => [Number(lon.toFixed(7)), Number(lat.toFixed(7))];

function feature(deviceId: number, name: string, { kind, fixes }: Segment) {
  const [first] = fixes;
  const last = fixes.at(-1) ?? first;
  return {
    type: "Feature",
    properties: {
      deviceId,
      name,
      from: isoTime(first.atMs),
      to: isoTime(last.atMs),
      outlier: kind === "outlier",
      coordTimes: fixes.map(({ atMs }) => isoTime(atMs)),
    },
    geometry:
      fixes.length === 1
        ? { type: "Point", coordinates: position(first) }
        : { type: "LineString", coordinates: fixes.map(position) },
  };
}
