import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aMarker } from "./a-marker.ts";
import { foldVans, unfoldingZoom } from "./clusters.ts";
import { worldPixels } from "./projection.ts";

/** A van that lies so many pixels east and south of the middle of the world at that zoom. */
const at = (id: number, zoom: number, east: number, south = 0, rank = 1) =>
  aMarker({ id, x: 0.5 + east / worldPixels(zoom), y: 0.5 + south / worldPixels(zoom), rank });

describe("folding", () => {
  test("counts every van exactly once: in one circle, or standing for itself", () => {
    const offset = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(offset, offset), { maxLength: 200 }),
        fc.integer({ min: 0, max: 12 }),
        (places, zoom) => {
          const vans = places.map(([east, south], id) => at(id, 10, east, south));
          const clusters = foldVans(vans, zoom);
          const folded = clusters.flatMap(({ members }) => members);
          expect(new Set(folded).size).toBe(folded.length);
          expect(vans.filter(({ isFolded }) => isFolded).length).toBe(folded.length);
          expect(folded.every(({ isFolded }) => isFolded)).toBe(true);
        },
      ),
    );
  });

  test("takes three that lie within 40 pixels, and leaves two apart", () => {
    expect(foldVans([at(1, 8, 0), at(2, 8, 39)], 8)).toEqual([]);
    expect(foldVans([at(1, 8, 0), at(2, 8, 39), at(3, 8, 0, -39)], 8).map(({ members }) => members.length)).toEqual([
      3,
    ]);
    expect(foldVans([at(1, 8, 0), at(2, 8, 41), at(3, 8, 0, -41)], 8)).toEqual([]);
  });

  test("says the worst inside and whether any drives, and lies in the middle", () => {
    const [cluster] = foldVans([at(1, 8, 0, 0, 0), at(2, 8, 30, 0, 3), at(3, 8, 0, 30, 1)], 8);
    expect(cluster).toMatchObject({ worst: 3, hasMoving: true });
    expect(((cluster?.x ?? 0) - 0.5) * worldPixels(8)).toBeCloseTo(10, 6);
  });

  test("comes apart at the first zoom where its vans do, at the latest where every van stands for itself", () => {
    const [loose] = foldVans([at(1, 8, 0), at(2, 8, 12), at(3, 8, 0, 12)], 8);
    const [tight] = foldVans([at(1, 8, 0), at(2, 8, 0), at(3, 8, 0)], 8);
    if (loose === undefined || tight === undefined) throw new Error("not folded");
    expect(unfoldingZoom(loose, 8.7, 13)).toBe(10);
    expect(unfoldingZoom(tight, 8.7, 13)).toBe(13);
    expect(loose.members.every(({ isFolded }) => isFolded)).toBe(true);
  });
});
