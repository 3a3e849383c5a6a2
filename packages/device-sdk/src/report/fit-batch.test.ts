import fc from "fast-check";
import { expect, test } from "vitest";
import { toSample } from "../fix.ts";
import type { QueuedFix } from "../store/device-store.ts";
import { batchMaximum, fitBatch } from "./fit-batch.ts";

/** What a SignalR server takes as one message when nobody set anything else. */
const serverMaximumBytes = 32 * 1024;

const number = fc.double({ min: 0, max: 100, noNaN: true });
const fix: fc.Arbitrary<QueuedFix> = fc
  .record({
    atMs: fc.integer({ min: 0, max: 4e12 }),
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    lon: fc.double({ min: -180, max: 180, noNaN: true }),
    accuracyMeters: fc.option(number),
    speedMps: fc.option(number),
    headingDegrees: fc.option(number),
    altitudeMeters: fc.option(number),
    batteryPercent: fc.option(number),
  })
  .map((made) => {
    const sample = toSample(made);
    if (sample === null) throw new Error("made wrongly");
    return { atMs: made.atMs, afterGap: false, sample };
  });

test("a batch fits one frame of any SignalR server, and is never empty while there is something to send", () => {
  fc.assert(
    fc.property(fc.array(fix, { maxLength: 300 }), fc.integer({ min: 1, max: batchMaximum }), (queue, maximum) => {
      const batch = fitBatch(queue, maximum);
      expect(batch).toEqual(queue.slice(0, batch.length));
      expect(batch.length).toBeLessThanOrEqual(maximum);
      expect(batch.length > 0).toBe(queue.length > 0);
      const samples = batch.map(({ sample }) => sample);
      const frame = JSON.stringify({ type: 1, invocationId: "1000000", target: "ReportSamples", arguments: [samples] });
      expect(Buffer.byteLength(frame)).toBeLessThan(serverMaximumBytes);
    }),
    { numRuns: 60 },
  );
});

test("two hundred usual fixes go in one frame", () => {
  const sample = toSample({
    atMs: Date.UTC(2026, 5, 1),
    lat: 41.3851234,
    lon: 2.1734567,
    speedMps: 8.33,
    accuracyMeters: 4.5,
  });
  if (sample === null) throw new Error("made wrongly");
  const queue = Array.from({ length: 250 }, (_, atMs) => ({ atMs, afterGap: false, sample }));
  expect(fitBatch(queue, batchMaximum)).toHaveLength(200);
});
