import { METERS_PER_DEGREE } from "@dsp-fleet/city/roads";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  considerReport,
  type FastLease,
  leaseAt,
  NOTHING_REPORTED,
  type ReportingFix,
  type ReportReason,
} from "./reporting.ts";

type Reported = ReportingFix & { readonly reason: ReportReason };

const aFix = (atSeconds: number, more: Partial<ReportingFix> = {}): ReportingFix => ({
  atSeconds,
  lat: 41.38,
  lon: 2.15,
  speedMps: 0,
  headingDegrees: 0,
  accuracyMeters: 5,
  batteryPercent: 80,
  ...more,
});

/** What a phone reports of these fixes. */
const reportsOf = (fixes: readonly ReportingFix[], lease: FastLease | null = null): Reported[] => {
  let state = NOTHING_REPORTED;
  const reports: Reported[] = [];
  for (const fix of fixes) {
    const next = considerReport(state, fix, lease);
    state = next.state;
    if (next.reason !== null) reports.push({ ...fix, reason: next.reason });
  }
  return reports;
};

/** A fix a second of a van that goes north at a steady speed. */
const going = (speedMps: number, seconds: number, more: Partial<ReportingFix> = {}): ReportingFix[] =>
  Array.from({ length: seconds + 1 }, (_, second) =>
    aFix(second, { lat: 41.38 + (second * speedMps) / METERS_PER_DEGREE, speedMps, ...more }),
  );

const timesOf = (reports: readonly Reported[]): number[] => reports.map(({ atSeconds }) => atSeconds);
const gapsOf = (reports: readonly Reported[]): number[] =>
  timesOf(reports)
    .slice(1)
    .map((at, index) => at - (timesOf(reports)[index] ?? 0));

/** A drive of a few minutes with a fix each second: any speeds, turns and noise. */
const aDrive = (batteryPercent: number): fc.Arbitrary<ReportingFix[]> =>
  fc
    .array(
      fc.record({
        speedMps: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 28, noNaN: true })),
        seconds: fc.integer({ min: 1, max: 90 }),
        headingDegrees: fc.double({ min: 0, max: 359, noNaN: true }),
        noise: fc.double({ min: -5, max: 5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => {
      let second = 0;
      let meters = 0;
      return parts.flatMap(({ speedMps, seconds, headingDegrees, noise }) =>
        Array.from({ length: seconds }, (_, index) => {
          meters += speedMps;
          const lat = 41.38 + (meters + (index % 2) * noise) / METERS_PER_DEGREE;
          return aFix(second++, { speedMps, headingDegrees, batteryPercent, lat });
        }),
      );
    });

test("the first fix is reported at once", () => {
  expect(reportsOf([aFix(17)])).toMatchObject([{ atSeconds: 17, reason: "first" }]);
});

test("a standing van gives a beat each minute, though its fixes wander", () => {
  const wandering = Array.from({ length: 301 }, (_, second) =>
    aFix(second, { lat: 41.38 + (second % 7) * 0.0001, headingDegrees: (second * 50) % 360 }),
  );
  expect(timesOf(reportsOf(wandering))).toEqual([0, 60, 120, 180, 240, 300]);
});

test("at 14 m/s the 25 m are due every 2 s, and not more often on the motorway", () => {
  expect(gapsOf(reportsOf(going(14, 60)))).toEqual(Array(30).fill(2));
  expect(Math.min(...gapsOf(reportsOf(going(28, 60))))).toBe(2);
});

test("a van that drives slowly straight on is reported every 5 s at the latest", () => {
  expect(gapsOf(reportsOf(going(4.2, 60)))).toEqual(Array(12).fill(5));
});

test("a turn of 20° is reported before time and distance are due", () => {
  const fixes = [
    ...going(4.2, 10),
    ...going(4.2, 3).map((fix) => ({ ...fix, atSeconds: fix.atSeconds + 11, lat: 41.3804, headingDegrees: 25 })),
  ];
  expect(reportsOf(fixes).at(-1)).toMatchObject({ atSeconds: 12, reason: "turn" });
});

test("stop-and-go is reported after 15 m or 10 s", () => {
  expect(reportsOf(going(2, 30)).slice(1)).toMatchObject([
    { reason: "distance" },
    { reason: "distance" },
    { reason: "distance" },
  ]);
  expect(gapsOf(reportsOf(going(2, 30)))).toEqual([8, 8, 8]);
  expect(gapsOf(reportsOf(going(1, 30)))).toEqual([10, 10, 10]);
});

test("stopping and setting out are reported within 5 s", () => {
  const drive = going(10, 21);
  const stand = Array.from({ length: 40 }, (_, second) => aFix(22 + second, { lat: drive.at(-1)?.lat ?? 0 }));
  const again = going(10, 10).map((fix) => ({ ...fix, atSeconds: fix.atSeconds + 62 }));
  const reports = reportsOf([...drive, ...stand, ...again]);
  const stopped = reports.find(({ reason }) => reason === "stopped")?.atSeconds ?? Infinity;
  const started = reports.find(({ reason }) => reason === "started")?.atSeconds ?? Infinity;
  expect(stopped - 22).toBeLessThanOrEqual(5);
  expect(started - 62).toBeLessThanOrEqual(5);
});

test("the first fix after a gap is never dropped", () => {
  expect(reportsOf([aFix(0), aFix(1), aFix(40)]).at(-1)).toMatchObject({ atSeconds: 40, reason: "after-gap" });
});

test("a lease is served at its interval, ends by itself, and a low battery does not slow it", () => {
  const standing = Array.from({ length: 61 }, (_, second) => aFix(second, { batteryPercent: 5 }));
  const reports = reportsOf(standing, { intervalSeconds: 3, untilSeconds: 30 });
  expect(timesOf(reports)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
});

test("a phone that does not know its speed takes it from the way", () => {
  const unknown = { speedMps: null, headingDegrees: null, accuracyMeters: null, batteryPercent: null };
  expect(gapsOf(reportsOf(going(14, 60, unknown)))).toEqual(Array(30).fill(2));
  expect(timesOf(reportsOf(going(0, 60, unknown)))).toEqual([0, 60]);
});

test.each([
  { battery: 80, least: 2, driving: 5, still: 60 },
  { battery: 10, least: 4, driving: 10, still: 120 },
])("at $battery % no two reports are nearer than $least s, and no silence is longer than the rule", (law) => {
  fc.assert(
    fc.property(aDrive(law.battery), (fixes) => {
      const reports = reportsOf(fixes);
      const gaps = gapsOf(reports);
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(law.least);
      for (const gap of gaps) expect(gap).toBeLessThanOrEqual(law.still);
      let last = 0;
      const due = new Set(timesOf(reports));
      for (const fix of fixes) {
        if (due.has(fix.atSeconds)) last = fix.atSeconds;
        const isDriving = (fix.speedMps ?? 0) >= 4;
        expect(fix.atSeconds - last).toBeLessThan(isDriving ? law.driving : law.still);
      }
    }),
  );
});

test("a low battery never makes a phone report more", () => {
  fc.assert(
    fc.property(aDrive(80), (fixes) => {
      const low = fixes.map((fix) => ({ ...fix, batteryPercent: 10 }));
      expect(reportsOf(low).length).toBeLessThanOrEqual(reportsOf(fixes).length);
    }),
  );
});

test("what the account asks for ends by the clock, whatever the van's seconds are", () => {
  const wish = { intervalSeconds: 2, untilMs: 100_000 };
  expect(leaseAt(null, 7, 0)).toBeNull();
  expect(leaseAt(wish, 7, 90_000)).toEqual({ intervalSeconds: 2, untilSeconds: 17 });
  expect(leaseAt(wish, 57, 100_000)).toEqual({ intervalSeconds: 2, untilSeconds: 57 });
});
