import { isChevron, type VanMarker } from "./marker.ts";

/** What is drawn of a screen so far, in squares of a few pixels: a name goes where all squares are free. */
export type Room = {
  /** Empties it for a screen of that size. */
  readonly clear: (width: number, height: number) => void;
  readonly isFree: (left: number, top: number, right: number, bottom: number) => boolean;
  readonly take: (left: number, top: number, right: number, bottom: number) => void;
};

/** Less than lies between a marker and its own name. */
const squarePixels = 4;

export function createRoom(): Room {
  let columns = 0;
  let rows = 0;
  let squares = new Uint8Array(0);
  const within = (value: number, end: number): number =>
    Math.max(0, Math.min(end - 1, Math.floor(value / squarePixels)));
  const isOutside = (left: number, top: number, right: number, bottom: number): boolean =>
    right < 0 || bottom < 0 || left >= columns * squarePixels || top >= rows * squarePixels;
  return {
    clear(width, height) {
      columns = Math.max(1, Math.ceil(width / squarePixels));
      rows = Math.max(1, Math.ceil(height / squarePixels));
      if (squares.length < columns * rows) squares = new Uint8Array(columns * rows);
      else squares.fill(0);
    },
    isFree(left, top, right, bottom) {
      if (isOutside(left, top, right, bottom)) return true;
      const [first, last] = [within(left, columns), within(right, columns)];
      for (let row = within(top, rows); row <= within(bottom, rows); row += 1)
        for (let column = first; column <= last; column += 1) if (squares[row * columns + column] === 1) return false;
      return true;
    },
    take(left, top, right, bottom) {
      if (isOutside(left, top, right, bottom)) return;
      const [first, last] = [within(left, columns), within(right, columns)];
      for (let row = within(top, rows); row <= within(bottom, rows); row += 1)
        squares.fill(1, row * columns + first, row * columns + last + 1);
    },
  };
}

/** Half the height of a line of a name. */
export const nameHalfHeight = 8;
/** What a marker covers to each side of its place. */
export const markerReach = (van: VanMarker): number => (isChevron(van.look) ? 12 : 9);
/** From a marker's place to where its name begins. */
export const nameOffset = (van: VanMarker): number => (isChevron(van.look) ? 18 : 14.5);

/**
 * Gives names to the vans that have room for one: never over a marker, nor over another name. Where there is room for one only
 * it is that of the worse; among equals one that was there already, so that names do not blink. All markers have taken their room before.
 */
export function placeNames(
  room: Room,
  byRank: readonly (readonly VanMarker[])[],
  widthOf: (van: VanMarker) => number,
): void {
  for (let rank = byRank.length - 1; rank >= 0; rank -= 1) {
    const vans = byRank[rank] ?? [];
    for (const van of vans) if (van.isNamed) van.isNamed = takeName(room, van, widthOf);
    for (const van of vans) if (!van.isNamed) van.isNamed = takeName(room, van, widthOf);
  }
}

function takeName(room: Room, van: VanMarker, widthOf: (van: VanMarker) => number): boolean {
  const left = van.left + nameOffset(van);
  const [top, bottom] = [van.top - nameHalfHeight, van.top + nameHalfHeight];
  // Most names of a crowd end here, before anything is measured.
  if (!room.isFree(left, top, left + 2 * nameHalfHeight, bottom)) return false;
  const right = left + widthOf(van);
  if (!room.isFree(left, top, right, bottom)) return false;
  room.take(left, top, right, bottom);
  return true;
}
