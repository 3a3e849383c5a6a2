import { describe, expect, test } from "vitest";
import { aMarker } from "./a-marker.ts";
import { hitTest } from "./hit-test.ts";
import type { VanMarker } from "./marker.ts";
import type { Scene } from "./scene.ts";

const aVan = (id: number, left: number, top: number, values: Partial<VanMarker> = {}): VanMarker => ({
  ...aMarker({ id }),
  left,
  top,
  ...values,
});
const aScene = (vans: readonly VanMarker[], rest: Partial<Scene> = {}): Scene => ({
  byRank: [[], vans, [], []],
  clusters: [],
  picked: null,
  ...rest,
});
const circle = {
  cluster: { x: 0, y: 0, members: [aVan(1, 0, 0), aVan(2, 0, 0), aVan(3, 0, 0)], worst: 1, hasMoving: false },
  left: 300,
  top: 100,
};
const press = (scene: Scene, x: number, y: number, reach = 10) => hitTest(scene, { x, y }, reach, () => 70);

describe("pressing", () => {
  test("a marker finds its van, and up to 10 pixels beside it too", () => {
    const scene = aScene([aVan(7, 100, 100)]);
    expect(press(scene, 104, 98)).toEqual({ kind: "van", id: 7 });
    expect(press(scene, 100, 118)).toEqual({ kind: "van", id: 7 });
    expect(press(scene, 100, 120)).toBeNull();
    expect(press(scene, 100, 111, 0)).toBeNull();
  });

  test("between two finds the nearer, on both the worse", () => {
    const scene = { ...aScene([aVan(1, 100, 100)]), byRank: [[], [aVan(1, 100, 100)], [], [aVan(2, 120, 100)]] };
    expect(press(scene, 108, 100)).toEqual({ kind: "van", id: 1 });
    expect(press(scene, 112, 100)).toEqual({ kind: "van", id: 2 });
    const heap = { ...scene, byRank: [[], [aVan(1, 100, 100)], [], [aVan(2, 102, 100)]] };
    expect(press(heap, 101, 100)).toEqual({ kind: "van", id: 2 });
  });

  test("a name that is shown finds its van, one that is not does not", () => {
    expect(press(aScene([aVan(7, 100, 100, { isNamed: true })]), 160, 103)).toEqual({ kind: "van", id: 7 });
    expect(press(aScene([aVan(7, 100, 100)]), 160, 103)).toBeNull();
  });

  test("a circle finds the circle, the picked van on it the van", () => {
    expect(press(aScene([], { clusters: [circle] }), 310, 100)).toMatchObject({ kind: "cluster" });
    expect(press(aScene([], { clusters: [circle], picked: aVan(9, 300, 100) }), 300, 100)).toEqual({
      kind: "van",
      id: 9,
    });
  });
});
