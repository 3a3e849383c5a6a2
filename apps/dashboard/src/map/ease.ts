export type LonLat = { readonly lon: number; readonly lat: number };

/** A way from where the marker is shown to the newest fix. */
export type Ease = { readonly from: LonLat; readonly to: LonLat; readonly startedAt: number };

/** Long enough to see where it went, short enough that the map does not lag behind the list. */
export const easeMs = 900;

/** Where to show the marker at that moment: between `from` and `to`, never beyond. Times in milliseconds of one clock. */
export function easedAt({ from, to, startedAt }: Ease, now: number): LonLat {
  const done = Math.min(1, Math.max(0, (now - startedAt) / easeMs));
  if (done === 1) return to;
  const eased = 1 - (1 - done) ** 3;
  return { lon: from.lon + (to.lon - from.lon) * eased, lat: from.lat + (to.lat - from.lat) * eased };
}

export const isOver = (ease: Ease, now: number): boolean => now - ease.startedAt >= easeMs;
