import { isoTime } from "../../clock.ts";
import type { TrackFix } from "../track-fix.ts";
import { degrees, plain, type TrackWriter } from "./format.ts";
import { xmlText } from "./xml-text.ts";

/** GPX 1.1 (topografix.com/GPX/1/1): one track, a segment for each part without a gap. Speed and course as Garmin writes them. */
export const writeGpx: TrackWriter = async function* ({ owner, pages }) {
  const name = xmlText(owner.name);
  yield `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="DSP Fleet" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
<metadata><name>${name}</name></metadata>
<trk><name>${name}</name>
`;
  let isOpen = false;
  for await (const page of pages) {
    let text = "";
    for (const fix of page) {
      if (!isOpen) text += "<trkseg>\n";
      else if (fix.gapBefore) text += "</trkseg>\n<trkseg>\n";
      isOpen = true;
      text += point(fix);
    }
    if (text !== "") yield text;
  }
  yield `${isOpen ? "</trkseg>\n" : ""}</trk>
</gpx>
`;
};

/** In the order that the schema asks for. */
function point(fix: TrackFix): string {
  const altitude = fix.altitudeMeters === null ? "" : `<ele>${plain(fix.altitudeMeters)}</ele>`;
  const comment = fix.outlier ? "<cmt>outlier</cmt>" : "";
  const speed = fix.speedMps === null ? "" : `<gpxtpx:speed>${plain(fix.speedMps)}</gpxtpx:speed>`;
  const course = fix.headingDegrees === null ? "" : `<gpxtpx:course>${plain(fix.headingDegrees)}</gpxtpx:course>`;
  const extensions =
    speed + course === ""
      ? ""
      : `<extensions><gpxtpx:TrackPointExtension>${speed}${course}</gpxtpx:TrackPointExtension></extensions>`;
  return `<trkpt lat="${degrees(fix.lat)}" lon="${degrees(fix.lon)}">${altitude}<time>${isoTime(fix.atMs)}</time>${comment}${extensions}</trkpt>\n`;
}
