import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { writeCsv } from "./formats/csv.ts";
import { fileNameOf } from "./formats/file-name.ts";
import type { TrackToWrite } from "./formats/format.ts";
import { writeGeoJson } from "./formats/geojson.ts";
import { writeGpx } from "./formats/gpx.ts";
import { writeJson } from "./formats/json.ts";
import { writeKml } from "./formats/kml.ts";
import { readTrack } from "./read-track.ts";
import { requestedTrack } from "./requested-track.ts";
import { createSimplifier } from "./simplify.ts";
import { summed } from "./summed.ts";
import type { TrackFix } from "./track-fix.ts";

const files = {
  gpx: { contentType: "application/gpx+xml", write: writeGpx },
  csv: { contentType: "text/csv", write: writeCsv },
  geojson: { contentType: "application/geo+json", write: writeGeoJson },
  kml: { contentType: "application/vnd.google-earth.kml+xml", write: writeKml },
} as const;

/** The track of a device, written as it is read. */
export const deviceHistory =
  (app: App): RestHandlers["deviceHistory"] =>
  async ({ principal }, { params, query }) => {
    const { device, owner, range } = await requestedTrack(app, principal, params.id, query);
    const { pages, sums } = summed(readTrack(app.history.tracks, device, range));
    const track: TrackToWrite = {
      owner,
      range,
      pages: query.maxPoints === undefined ? pages : simplified(pages, query.maxPoints),
    };
    if (query.format === "json") {
      return { contentType: "application/json", fileName: null, chunks: writeJson(track, sums) };
    }
    const { contentType, write } = files[query.format];
    return { contentType, fileName: fileNameOf(track, query.format), chunks: write(track) };
  };

async function* simplified(pages: AsyncIterable<readonly TrackFix[]>, maxPoints: number) {
  const simplifier = createSimplifier(maxPoints);
  for await (const page of pages) for (const fix of page) simplifier.add(fix);
  yield simplifier.end();
}
