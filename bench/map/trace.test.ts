import { expect, test } from "vitest";
import { readMainThread, type TraceEvent } from "./trace.ts";

const event = (name: string, ts: number, values: Partial<TraceEvent> = {}): TraceEvent => ({
  name,
  ph: "X",
  ts,
  tid: 1,
  pid: 1,
  ...values,
});
const frame = (ts: number) => event("FireAnimationFrame", ts);
const task = (ts: number, dur: number, values: Partial<TraceEvent> = {}) => event("RunTask", ts, { dur, ...values });

test("all tasks from one frame to the next count as its work, by the processor's time where it is known", () => {
  const { workPerFrameMs, longestTaskMs } = readMainThread([
    ...[0, 16_000, 32_000, 48_000].map(frame),
    // Two callbacks of one frame are one frame.
    frame(16_500),
    task(15_900, 3_000),
    task(20_000, 2_000),
    task(33_000, 40_000, { tdur: 5_000 }),
    // Another process's main thread.
    task(17_000, 90_000, { pid: 2 }),
  ]);
  expect(workPerFrameMs).toEqual([5, 0]);
  expect(longestTaskMs).toBe(5);
});
