import fc from "fast-check";
import { LngLat, MercatorCoordinate } from "maplibre-gl";
import { describe, expect, test } from "vitest";
import { cameraOf, mercatorX, mercatorY, type ProjectedMap, placeAt, screenX, screenY } from "./projection.ts";

const size = { width: 1000, height: 700 };

/** A flat map as MapLibre's own coordinates give it, with the middle pushed aside as padding does. */
function aMap(lng: number, lat: number, zoom: number, middle = { x: 430, y: 310 }): ProjectedMap {
  const world = 512 * 2 ** zoom;
  const center = MercatorCoordinate.fromLngLat([lng, lat]);
  return {
    getCenter: () => new LngLat(lng, lat),
    getZoom: () => zoom,
    project(place) {
      const { x, y } = MercatorCoordinate.fromLngLat(place);
      return { x: middle.x + (x - center.x) * world, y: middle.y + (y - center.y) * world };
    },
  };
}

const lat = fc.double({ min: -84, max: 84, noNaN: true });

describe("the pixel of a place", () => {
  test("is that of the base map", () => {
    const near = fc.double({ min: -40, max: 40, noNaN: true });
    fc.assert(
      fc.property(lat, near, lat, near, fc.double({ min: 0, max: 18, noNaN: true }), (cLat, cLon, pLat, pLon, zoom) => {
        const map = aMap(cLon, cLat, zoom);
        const camera = cameraOf(map, size);
        const expected = map.project([pLon, pLat]);
        // To a hundredth of a pixel, where it is on any screen.
        const digits = Math.hypot(expected.x, expected.y) < 1e5 ? 2 : -2;
        expect(screenX(camera, mercatorX(pLon))).toBeCloseTo(expected.x, digits);
        expect(screenY(camera, mercatorY(pLat))).toBeCloseTo(expected.y, digits);
      }),
    );
  });

  test("is the nearest of its copies round the world", () => {
    const camera = cameraOf(aMap(179.9, 0, 6), size);
    expect(screenX(camera, mercatorX(-179.9)) - screenX(camera, mercatorX(179.9))).toBeCloseTo(
      (512 * 64 * 0.2) / 360,
      6,
    );
  });
});

test("a place is found again from its share of the world", () => {
  fc.assert(
    fc.property(lat, fc.double({ min: -180, max: 180, noNaN: true }), (atLat, lon) => {
      const place = placeAt(mercatorX(lon), mercatorY(atLat));
      expect(place.lat).toBeCloseTo(atLat, 9);
      expect(place.lon).toBeCloseTo(lon, 9);
    }),
  );
});
