import { type ZoneGeometry, zoneLimits } from "@dsp-fleet/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkGeometry } from "./check-geometry.ts";
import { doubleArea, sideOf } from "./polygon-edges.ts";

type Ring = [number, number][];
const square = (west: number, south: number, size: number): Ring => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const polygon = (...rings: number[][][]): ZoneGeometry => ({ type: "Polygon", coordinates: rings });

/** `coordinates.0.1 begins edge 1 …` for each fault. */
function faultsOf(geometry: ZoneGeometry, radiusMeters: number | null = null): string[] {
  const checked = checkGeometry(geometry, radiusMeters);
  return checked.ok ? [] : checked.faults.map(({ path, words }) => `${path} ${words}`);
}

function good(geometry: ZoneGeometry) {
  const checked = checkGeometry(geometry, 100);
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  return checked.geometry;
}

describe("a polygon is refused in words that say what is wrong and where", () => {
  test("when its outline crosses itself", () => {
    const bowtie: Ring = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ];
    expect(faultsOf(polygon(bowtie))).toEqual([
      "coordinates.0.0 begins edge 0 (from [0, 0] to [1, 1]), which crosses edge 2 (from [1, 0] to [0, 1])",
    ]);
  });

  test.each<[string, Ring, RegExp]>([
    [
      "a corner lies on another edge",
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [1, 0],
        [0, 2],
        [0, 0],
      ],
      /^coordinates\.0\.0 begins edge 0 .*, which touches edge 2 /,
    ],
    [
      "it comes back to a corner",
      [
        [0, 0],
        [2, 0],
        [1, 1],
        [2, 2],
        [0, 2],
        [1, 1],
        [0, 0],
      ],
      /touches/,
    ],
    [
      "an edge runs back over the one before",
      [
        [0, 0],
        [2, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
      /^coordinates\.0\.0 begins edge 0 .*, which is run back over by edge 1 /,
    ],
    [
      "its corners lie on one line",
      [
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 0],
      ],
      /run/,
    ],
  ])("when %s", (_, ring, words) => {
    expect(faultsOf(polygon(ring))[0]).toMatch(words);
  });

  test("when a ring is not closed, and which positions differ", () => {
    expect(faultsOf(polygon(square(0, 0, 1).slice(0, 4)))).toEqual([
      "coordinates.0.3 is [0, 1], but the ring begins at [0, 0]: it must end where it begins",
    ]);
  });

  test("when a ring has fewer than four positions", () => {
    expect(faultsOf(polygon(square(0, 0, 1).slice(0, 3)))).toEqual([
      "coordinates.0 has 3 positions; a ring needs at least 4, the last being the first again",
    ]);
  });

  test("when a position is there twice, also where they differ by less than a centimetre", () => {
    const ring = square(0, 0, 1);
    ring.splice(2, 0, [1 + 1e-9, 0]);
    expect(faultsOf(polygon(ring))).toEqual(["coordinates.0.2 is the same as the position before it, [1, 0]"]);
  });

  test("when it covers less than a parking space", () => {
    expect(faultsOf(polygon(square(2, 41, 0.00001)))).toEqual([
      "coordinates.0 covers 0.9 m²; a zone covers at least 10 m²",
    ]);
  });

  test("when it has too many corners", () => {
    const corners = zoneLimits.vertices + 1;
    const ring = Array.from({ length: corners + 1 }, (_, i): [number, number] => {
      const angle = ((i % corners) / corners) * 2 * Math.PI;
      return [Math.cos(angle), Math.sin(angle)];
    });
    expect(faultsOf(polygon(ring))).toEqual([`coordinates has ${corners} corners; a zone can have at most 1000`]);
  });

  test("when it reaches over the 180° meridian", () => {
    const ring: Ring = [
      [179, 0],
      [-179, 0],
      [-179, 1],
      [179, 1],
      [179, 0],
    ];
    expect(faultsOf(polygon(ring))).toEqual([
      "coordinates.0.0 begins edge 0 (from [179, 0] to [-179, 0]), which crosses the 180° meridian; draw a zone on each side",
      "coordinates.0.2 begins edge 2 (from [-179, 1] to [179, 1]), which crosses the 180° meridian; draw a zone on each side",
    ]);
  });

  test.each([
    ["lies outside the outline", [square(5, 5, 1)], "coordinates.1 is hole 1, which lies outside the outline"],
    ["lies inside another", [square(1, 1, 5), square(2, 2, 1)], "coordinates.2 is hole 2, which lies inside hole 1"],
    [
      "crosses the outline",
      [square(-1, 1, 2)],
      "coordinates.0.3 begins edge 3 of the outline (from [0, 10] to [0, 0]), which crosses edge 0 of hole 1 (from [-1, 1] to [1, 1])",
    ],
  ])("when a hole %s", (_, holes, words) => {
    const size = words.includes("outside") ? 4 : 10;
    expect(faultsOf(polygon(square(0, 0, size), ...holes))).toContain(words);
  });
});

describe("a circle is refused", () => {
  test.each([
    [[179.9999, 0], /180° meridian/],
    [[0, 89.9999], /pole/],
  ])("around %j", (coordinates, words) => {
    expect(faultsOf({ type: "Point", coordinates }, 1_000)).toEqual([expect.stringMatching(words)]);
  });
});

describe("a good shape", () => {
  test("is kept on a grid of a centimetre, without heights", () => {
    expect(good({ type: "Point", coordinates: [2.123456789, 41.987654321, 30] })).toEqual({
      type: "Point",
      coordinates: [2.1234568, 41.9876543],
    });
  });

  test("has its outline anticlockwise and its holes clockwise, however they were drawn", () => {
    const drawn = [square(0, 0, 10), square(1, 1, 1), square(4, 4, 1)];
    const shapes = [drawn, drawn.map((ring) => ring.toReversed())].map((rings) => good(polygon(...rings)));
    for (const shape of shapes) {
      const rings = shape.type === "Polygon" ? shape.coordinates : [];
      expect(rings.map((ring) => Math.sign(doubleArea(ring)))).toEqual([1, -1, -1]);
    }
  });

  test("of many corners is judged at once", () => {
    const ring = Array.from({ length: zoneLimits.vertices + 1 }, (_, i): [number, number] => {
      const angle = ((i % zoneLimits.vertices) / zoneLimits.vertices) * 2 * Math.PI;
      const far = 0.1 + (i % 2) * 0.02;
      return [2 + far * Math.cos(angle), 41 + far * Math.sin(angle)];
    });
    expect(faultsOf(polygon(ring))).toEqual([]);
  });
});

/** A star around a middle: corners in the order of their angles never make edges cross. */
const aStar = fc.array(fc.integer({ min: 20, max: 1_000 }), { minLength: 3, maxLength: 40 }).map((radii) => {
  const corners = radii.map((radius, i): [number, number] => {
    const angle = (i / radii.length) * 2 * Math.PI;
    return [2 + (radius / 1e4) * Math.cos(angle), 41 + (radius / 1e4) * Math.sin(angle)];
  });
  return [...corners, corners[0] as [number, number]];
});

test("every star is good, from whatever corner and in whatever direction it is drawn", () => {
  fc.assert(
    fc.property(aStar, fc.nat(), fc.boolean(), (ring, start, backwards) => {
      const open = ring.slice(1);
      const turned = [...open.slice(start % open.length), ...open.slice(0, start % open.length)];
      const closed = [...turned, turned[0] as [number, number]];
      expect(faultsOf(polygon(backwards ? closed.toReversed() : closed))).toEqual([]);
    }),
  );
});

test("what was taken is taken again and stays as it is", () => {
  fc.assert(
    fc.property(aStar, (ring) => {
      const once = good(polygon(ring));
      expect(good(once)).toEqual(once);
    }),
  );
});

test("two corners of a star exchanged are refused whenever that makes edges cross, and never otherwise", () => {
  type Corner = [number, number];
  const side = ([px, py]: Corner, [qx, qy]: Corner, [rx, ry]: Corner) =>
    Math.sign((qx - px) * (ry - py) - (qy - py) * (rx - px));
  const cross = ([a, b]: [Corner, Corner], [c, d]: [Corner, Corner]) =>
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
  fc.assert(
    fc.property(aStar, fc.nat(), fc.nat(), (ring, one, other) => {
      const open = ring.slice(1);
      const [i, j] = [one % open.length, other % open.length];
      const corners = open.with(i, open[j] as Corner).with(j, open[i] as Corner);
      const closed = [...corners, corners[0] as Corner];
      const edges = closed.slice(1).map((to, from): [Corner, Corner] => [closed[from] as Corner, to]);
      const crossed = edges.some((edge, index) => edges.slice(index + 1).some((next) => cross(edge, next)));
      expect(faultsOf(polygon(closed)).length > 0).toBe(crossed);
    }),
  );
});

test("on which side a point lies is exact, however long the line", () => {
  const far = 3_600_000_000;
  expect(sideOf([-far, -far], [far, far], [far - 1, far - 1])).toBe(0);
  expect(sideOf([-far, -far], [far, far], [far - 1, far])).toBe(1);
  expect(sideOf([-far, -far], [far, far - 1], [0, 0])).toBe(1);
  expect(sideOf([-far, -far], [far, far - 1], [0, -1])).toBe(-1);
});
