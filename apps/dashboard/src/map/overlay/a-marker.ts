import { type MarkerLook, type VanMarker, vanMarker } from "./marker.ts";

/** A van at rest in the middle of the world. */
export function aMarker({
  id = 7,
  x = 0.5,
  y = 0.5,
  ...look
}: Partial<MarkerLook & { id: number; x: number; y: number }> = {}): VanMarker {
  return vanMarker(
    id,
    { name: `Van ${id}`, fixAt: 0, icon: "still", headingDegrees: 0, rank: 1, opacity: 1, ...look },
    x,
    y,
  );
}
