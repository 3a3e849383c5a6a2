import type { StoredFix } from "./track-fix.ts";

/** Morning of an ordinary day. */
export const startMs = Date.UTC(2026, 10, 24, 8);

/** One metre north, in degrees of latitude. */
const northDegrees = 1 / 111_195;

export const aFixAt = (seconds: number, northMeters: number, of: Partial<StoredFix> = {}): StoredFix => {
  const atMs = startMs + seconds * 1_000;
  return {
    atMs,
    lat: 52 + northMeters * northDegrees,
    lon: 13,
    accuracyMeters: null,
    speedMps: null,
    headingDegrees: null,
    altitudeMeters: null,
    batteryPercent: null,
    receivedMs: atMs + 1_000,
    isLive: false,
    ...of,
  };
};

export const secondsOf = (fixes: readonly StoredFix[]): number[] => fixes.map(({ atMs }) => (atMs - startMs) / 1_000);

/** The numbers `from`, `from + step` … up to and without `to`. */
export const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

/** A source of numbers between 0 and 1 that is the same each time. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** A day of deliveries, a fix each 5 s: drives of some minutes at 10 m/s to the north, stops of some minutes with a receiver that strays. */
export function aDay(hours = 24, seed = 7): StoredFix[] {
  const random = seeded(seed);
  const fixes: StoredFix[] = [];
  let north = 0;
  let untilSeconds = 600;
  let isDriving = false;
  for (const second of steps(0, hours * 3_600, 5)) {
    if (second >= untilSeconds) {
      isDriving = !isDriving;
      untilSeconds = second + 240 + Math.floor(random() * 600);
    }
    if (isDriving) north += 50;
    const stray = (random() - 0.5) * (isDriving ? 6 : 20);
    fixes.push(aFixAt(second, north + stray, { speedMps: isDriving ? 10 : 0, accuracyMeters: 8 }));
  }
  return fixes;
}
