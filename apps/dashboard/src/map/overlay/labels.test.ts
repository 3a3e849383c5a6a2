import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aMarker } from "./a-marker.ts";
import { createRoom, markerReach, nameHalfHeight, nameOffset, placeNames } from "./labels.ts";
import type { VanMarker } from "./marker.ts";

const width = 70;
const screen = { width: 600, height: 400 };

const aVan = (id: number, left: number, top: number, rank = 1): VanMarker => ({
  ...aMarker({ id, rank, icon: rank === 0 ? "live" : "still" }),
  left,
  top,
});

function named(vans: readonly VanMarker[]): VanMarker[] {
  const room = createRoom();
  room.clear(screen.width, screen.height);
  for (const van of vans) {
    const reach = markerReach(van);
    room.take(van.left - reach, van.top - reach, van.left + reach, van.top + reach);
  }
  placeNames(
    room,
    [0, 1, 2, 3].map((rank) => vans.filter(({ look }) => look.rank === rank)),
    () => width,
  );
  return vans.filter(({ isNamed }) => isNamed);
}

type Box = [left: number, top: number, right: number, bottom: number];
const nameBox = (van: VanMarker): Box => {
  const left = van.left + nameOffset(van);
  return [left, van.top - nameHalfHeight, left + width, van.top + nameHalfHeight];
};
const markerBox = (van: VanMarker): Box => {
  const reach = markerReach(van);
  return [van.left - reach, van.top - reach, van.left + reach, van.top + reach];
};
/** Where anybody sees it: beyond the edge of the screen there is room for all. */
const isOver = (a: Box, b: Box) =>
  Math.max(a[0], b[0], 0) < Math.min(a[2], b[2], screen.width) &&
  Math.max(a[1], b[1], 0) < Math.min(a[3], b[3], screen.height);

describe("names", () => {
  test("never lie on each other nor on a marker", () => {
    const van = fc.tuple(
      fc.double({ min: 0, max: screen.width, noNaN: true }),
      fc.double({ min: 0, max: screen.height, noNaN: true }),
      fc.integer({ min: 0, max: 3 }),
    );
    fc.assert(
      fc.property(fc.array(van, { maxLength: 150 }), (places) => {
        const vans = places.map(([left, top, rank], id) => aVan(id, left, top, rank));
        const shown = named(vans);
        for (const one of shown) {
          expect(vans.filter((other) => isOver(nameBox(one), markerBox(other)))).toEqual([]);
          expect(shown.filter((other) => other !== one && isOver(nameBox(one), nameBox(other)))).toEqual([]);
        }
      }),
    );
  });

  test("of a van that stands alone is there, also of a chevron", () => {
    expect(named([aVan(1, 100, 100), aVan(2, 100, 300, 0)]).length).toBe(2);
  });

  test("where there is room for one only, is that of the worst; then of the one that had it", () => {
    const ids = (vans: readonly VanMarker[]) => named(vans).map(({ id }) => id);
    expect(ids([aVan(1, 100, 100), aVan(2, 100, 119, 3)])).toEqual([2]);
    expect(ids([aVan(1, 100, 100), { ...aVan(2, 100, 119), isNamed: true }])).toEqual([2]);
    expect(ids([{ ...aVan(1, 100, 100), isNamed: true }, aVan(2, 100, 119, 3)])).toEqual([2]);
  });
});
