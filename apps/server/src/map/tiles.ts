/** Vector tiles in XYZ numbering, gzipped; null where there is none. */
export type MapTiles = {
  readonly metadata: {
    readonly bounds: readonly [west: number, south: number, east: number, north: number];
    readonly center: { readonly lon: number; readonly lat: number; readonly zoom: number };
    readonly maxZoom: number;
    readonly attribution: string;
  };
  tile(z: number, x: number, y: number): Uint8Array | null;
};

/** Beyond this no map of streets goes, and 2^z would leave the whole numbers. */
const zoomMaximum = 24;

export type TileAddress = { readonly z: number; readonly x: number; readonly y: number };

/** A tile's address from the path; null when there can be no such tile. */
export function tileAddress(path: { readonly z: string; readonly x: string; readonly y: string }): TileAddress | null {
  const [z, x, y] = [path.z, path.x, path.y].map((text) =>
    /^(?:0|[1-9]\d{0,7})$/.test(text) ? Number(text) : Number.NaN,
  );
  if (z === undefined || x === undefined || y === undefined || !(z <= zoomMaximum)) return null;
  return x < 2 ** z && y < 2 ** z ? { z, x, y } : null;
}
