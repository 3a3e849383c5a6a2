import { isoTime } from "../../clock.ts";
import { degrees, type TrackWriter } from "./format.ts";
import { type Segment, segmentsOf } from "./segments.ts";
import { xmlText } from "./xml-text.ts";

/** KML 2.2 (OGC 07-147r2): a line with its time span for each part without a gap, a point for a lone fix or an outlier. */
export const writeKml: TrackWriter = async function* ({ owner, pages }) {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2">
<Document>
<name>${xmlText(owner.name)}</name>
<Style id="track"><LineStyle><color>ffd37a1f</color><width>4</width></LineStyle></Style>
`;
  for await (const segment of segmentsOf(pages)) yield placemark(segment);
  yield `</Document>
</kml>
`;
};

function placemark({ kind, fixes }: Segment): string {
  const [first] = fixes;
  const last = fixes.at(-1) ?? first;
  const coordinates = fixes.map((fix) => `${degrees(fix.lon)},${degrees(fix.lat)}`).join(" ");
  const name = kind === "outlier" ? "Outlier" : `${isoTime(first.atMs)} – ${isoTime(last.atMs)}`;
  const geometry =
    fixes.length === 1
      ? `<Point><coordinates>${coordinates}</coordinates></Point>`
      : `<LineString><tessellate>1</tessellate><coordinates>${coordinates}</coordinates></LineString>`;
  return `<Placemark><name>${name}</name><TimeSpan><begin>${isoTime(first.atMs)}</begin><end>${isoTime(last.atMs)}</end></TimeSpan><styleUrl>#track</styleUrl>${geometry}</Placemark>
`;
}
