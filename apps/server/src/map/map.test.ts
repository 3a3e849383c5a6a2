import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { stubHttp } from "../http/testing.ts";
import type { MapTiles } from "./tiles.ts";

const city: MapTiles = {
  metadata: {
    bounds: [2.0, 41.3, 2.3, 41.5],
    center: { lon: 2.17, lat: 41.38, zoom: 12 },
    maxZoom: 14,
    attribution: "© OpenStreetMap",
  },
  tile: (z, x, y) => (z === 14 && x === 8290 && y === 6119 ? gzipSync("a tile") : null),
};

const http = await stubHttp({ tiles: city });
afterAll(() => http.close());

describe("tiles", () => {
  const url = "/map/tiles/14/8290/6119";

  test("are passed on gzipped, as they are kept, and stay for a week", async () => {
    const answer = await http.app.inject({ url, headers: { "accept-encoding": "gzip, br" } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-encoding": "gzip",
      "content-type": "application/vnd.mapbox-vector-tile",
      "cache-control": "public, max-age=604800",
    });
    expect(gunzipSync(answer.rawPayload).toString()).toBe("a tile");
  });

  test.each([{}, { "accept-encoding": "identity" }, { "accept-encoding": "gzip;q=0, identity" }])(
    "are unpacked for a client that takes no gzip: %o",
    async (headers) => {
      const answer = await http.app.inject({ url, headers });
      expect(answer.headers["content-encoding"]).toBeUndefined();
      expect(answer.body).toBe("a tile");
    },
  );

  test("where there is nothing, the answer is 204", async () => {
    expect((await http.app.inject({ url: "/map/tiles/14/0/0" })).statusCode).toBe(204);
  });

  test.each([
    "/map/tiles/14/16384/0",
    "/map/tiles/0/1/0",
    "/map/tiles/25/0/0",
    "/map/tiles/a/0/0",
    "/map/tiles/1.5/0/0",
    "/map/tiles/-1/0/0",
  ])("%s can be no tile: 404", async (impossible) => {
    expect((await http.app.inject({ url: impossible })).statusCode).toBe(404);
  });
});

describe("the map's configuration", () => {
  test("says where the city is and whom to name", async () => {
    expect((await http.app.inject({ url: "/map/config.json" })).json()).toEqual({
      styleUrl: "local",
      hasCity: true,
      bounds: [2.0, 41.3, 2.3, 41.5],
      center: { lon: 2.17, lat: 41.38, zoom: 12 },
      maxZoom: 14,
      attribution: "© OpenStreetMap",
    });
  });

  test("says when there is no city; its tiles are a 404 then", async () => {
    await using bare = await stubHttp({ mapStyleUrl: "https://tiles.example/style" });
    expect((await bare.app.inject({ url: "/map/config.json" })).json()).toMatchObject({
      styleUrl: "https://tiles.example/style",
      hasCity: false,
      bounds: null,
    });
    expect((await bare.app.inject({ url: "/map/tiles/0/0/0" })).statusCode).toBe(404);
  });
});
