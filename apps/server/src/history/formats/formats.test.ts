import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { aFixAt, startMs } from "../testing.ts";
import { trackOf } from "../track.ts";
import type { TrackFix } from "../track-fix.ts";
import { textCell, writeCsv } from "./csv.ts";
import { degrees, type TrackWriter } from "./format.ts";
import { writeGeoJson } from "./geojson.ts";
import { writeGpx } from "./gpx.ts";
import { writeKml } from "./kml.ts";

/** Two parts with a gap between, an outlier in the first; names that try to break out. */
const track = trackOf([
  aFixAt(0, 0, { altitudeMeters: 34.5, speedMps: 0, headingDegrees: 271.25, accuracyMeters: 4, batteryPercent: 80 }),
  aFixAt(5, 50, { speedMps: 10 }),
  aFixAt(10, 9_000),
  aFixAt(15, 150),
  aFixAt(900, 500),
  aFixAt(905, 550, { isLive: true, receivedMs: startMs + 905_000 }),
  aFixAt(906, 560),
]);
const name = `=Van "1" <&> Ümläut`;

async function written(
  write: TrackWriter,
  pages: readonly (readonly TrackFix[])[] = [track.slice(0, 3), [], track.slice(3)],
) {
  const owner = { deviceId: 7, name, identifier: "A,1" };
  const chunks = write({
    owner,
    range: { fromMs: startMs, toMs: startMs + 3_600_000 },
    pages: (async function* () {
      yield* pages;
    })(),
  });
  return (await Array.fromAsync(chunks)).join("");
}

type Element = { name: string; attributes: Record<string, string>; text: string; children: Element[] };

/** Strict: throws at the first thing that is not well-formed. */
function parseXml(text: string): Element {
  const root: Element = { name: "", attributes: {}, text: "", children: [] };
  const open = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name: tag, attributes }) => {
    const values = Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value]));
    const element: Element = { name: tag, attributes: values, text: "", children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (part) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  return root.children[0] ?? root;
}

const all = (element: Element, tag: string): Element[] =>
  element.children.flatMap((child) => [...(child.name === tag ? [child] : []), ...all(child, tag)]);

describe("GPX", () => {
  test("is 1.1, one track, a segment for each part", async () => {
    const gpx = parseXml(await written(writeGpx));
    expect(gpx).toMatchObject({
      name: "gpx",
      attributes: { version: "1.1", creator: "DSP Fleet", xmlns: "http://www.topografix.com/GPX/1/1" },
    });
    expect(gpx.children.map((child) => child.name)).toEqual(["metadata", "trk"]);
    const [trk] = all(gpx, "trk");
    expect(trk?.children.map((child) => child.name)).toEqual(["name", "trkseg", "trkseg"]);
    expect(trk?.children[0]?.text).toBe(name);
    expect(all(gpx, "trkseg").map((segment) => segment.children.length)).toEqual([4, 2]);
  });

  test("has of each point what the schema asks for, in its order", async () => {
    const [first, second, third] = all(parseXml(await written(writeGpx)), "trkpt");
    expect(first?.attributes).toEqual({ lat: "52", lon: "13" });
    expect(first?.children.map((child) => [child.name, child.text])).toEqual([
      ["ele", "34.5"],
      ["time", "2026-11-24T08:00:00.000Z"],
      ["extensions", ""],
    ]);
    expect(all(first as Element, "gpxtpx:TrackPointExtension")[0]?.children.map((one) => [one.name, one.text])).toEqual(
      [
        ["gpxtpx:speed", "0"],
        ["gpxtpx:course", "271.25"],
      ],
    );
    expect(second?.children.map((child) => child.name)).toEqual(["time", "extensions"]);
    expect(third?.children.map((child) => [child.name, child.text])).toContainEqual(["cmt", "outlier"]);
  });

  test("of no fix is a track without a segment", async () => {
    expect(all(parseXml(await written(writeGpx, [])), "trkseg")).toEqual([]);
  });
});

describe("KML", () => {
  test("is 2.2, a line with its time span for each part, a point for an outlier", async () => {
    const kml = parseXml(await written(writeKml));
    expect(kml).toMatchObject({ name: "kml", attributes: { xmlns: "http://www.opengis.net/kml/2.2" } });
    expect(all(kml, "name")[0]?.text).toBe(name);
    const placemarks = all(kml, "Placemark");
    expect(placemarks.map((placemark) => placemark.children.map((child) => child.name))).toEqual([
      ["name", "TimeSpan", "styleUrl", "Point"],
      ["name", "TimeSpan", "styleUrl", "LineString"],
      ["name", "TimeSpan", "styleUrl", "LineString"],
    ]);
    const [line] = all(kml, "LineString");
    expect(all(line as Element, "coordinates")[0]?.text).toBe("13,52 13,52.0004497 13,52.001349");
    expect(all(placemarks[2] as Element, "begin")[0]?.text).toBe("2026-11-24T08:15:00.000Z");
    expect(all(placemarks[2] as Element, "end")[0]?.text).toBe("2026-11-24T08:15:06.000Z");
  });

  test("of no fix is an empty document", async () => {
    expect(all(parseXml(await written(writeKml, [])), "Placemark")).toEqual([]);
  });
});

describe("GeoJSON", () => {
  test("has a line for each part, longitude first, with the time of each position", async () => {
    const { type, features } = JSON.parse(await written(writeGeoJson)) as {
      type: string;
      features: { type: string; geometry: unknown; properties: { outlier: boolean; coordTimes: string[] } }[];
    };
    expect(type).toBe("FeatureCollection");
    expect(features.map(({ properties }) => properties.outlier)).toEqual([true, false, false]);
    expect(features[1]).toEqual({
      type: "Feature",
      properties: {
        deviceId: 7,
        name,
        from: "2026-11-24T08:00:00.000Z",
        to: "2026-11-24T08:00:15.000Z",
        outlier: false,
        coordTimes: ["2026-11-24T08:00:00.000Z", "2026-11-24T08:00:05.000Z", "2026-11-24T08:00:15.000Z"],
      },
      geometry: {
        type: "LineString",
        coordinates: [
          [13, 52],
          [13, 52.0004497],
          [13, 52.001349],
        ],
      },
    });
  });

  test("has a point for a lone fix, and nothing for none", async () => {
    const lone = JSON.parse(await written(writeGeoJson, [trackOf([aFixAt(0, 0)])])) as { features: object[] };
    expect(lone.features).toMatchObject([{ geometry: { type: "Point", coordinates: [13, 52] } }]);
    expect(JSON.parse(await written(writeGeoJson, []))).toEqual({ type: "FeatureCollection", features: [] });
  });

  test("cuts a line at the date line", async () => {
    const across = trackOf(
      [179.9998, 179.9999, -179.9999, -179.9998].map((lon, index) => aFixAt(index * 5, 0, { lon })),
    );
    const { features } = JSON.parse(await written(writeGeoJson, [across])) as {
      features: { geometry: { coordinates: number[][] } }[];
    };
    expect(features.map(({ geometry }) => geometry.coordinates.map(([lon]) => lon))).toEqual([
      [179.9998, 179.9999],
      [-179.9999, -179.9998],
    ]);
  });

  test("cuts a very long part where it goes on in the next", async () => {
    const long = trackOf(Array.from({ length: 12_000 }, (_, index) => aFixAt(index, index)));
    const { features } = JSON.parse(await written(writeGeoJson, [long])) as {
      features: { geometry: { coordinates: number[][] } }[];
    };
    const lines = features.map(({ geometry }) => geometry.coordinates);
    expect(lines.map((line) => line.length)).toEqual([5_000, 5_000, 2_002]);
    expect(lines[1]?.[0]).toEqual(lines[0]?.at(-1));
  });
});

describe("CSV", () => {
  test("has a header with units, and a line for each fix", async () => {
    const lines = (await written(writeCsv)).split("\r\n");
    expect(lines[0]).toBe(
      "time_utc,device_id,device_name,device_identifier,lat_degrees,lon_degrees,accuracy_meters,speed_mps,heading_degrees,altitude_meters,battery_percent,live,outlier,gap_before,received_utc",
    );
    expect(lines[1]).toBe(
      `2026-11-24T08:00:00.000Z,7,"'=Van ""1"" <&> Ümläut","A,1",52,13,4,0,271.25,34.5,80,false,false,false,2026-11-24T08:00:01.000Z`,
    );
    expect(lines).toHaveLength(track.length + 2);
    expect(lines.at(-1)).toBe("");
    expect(lines[3]).toContain(",false,true,false,");
    expect(lines[5]).toContain(",false,false,true,");
  });

  test.each([
    ["=1+1", "'=1+1"],
    [" =1+1", "' =1+1"],
    ["+49 170", "'+49 170"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["\r\n=x", `"'\r\n=x"`],
    ['say "hi"', '"say ""hi"""'],
    ["a\nb", '"a\nb"'],
    ["Van 12", "Van 12"],
    ["", ""],
  ])("%j becomes %j", (text, cell) => {
    expect(textCell(text)).toBe(cell);
  });
});

test.each([
  [1e-7, "0.0000001"],
  [1e-9, "0"],
  [-1e-9, "0"],
  [-33.86, "-33.86"],
  [180, "180"],
  [52.123456789, "52.1234568"],
])("%d in degrees is %s", (value, text) => {
  expect(degrees(value)).toBe(text);
});
