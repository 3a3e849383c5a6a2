import { afterEach, describe, expect, test, vi } from "vitest";
import type { LocationBatch } from "./database.ts";
import { DatabaseBusyError, DatabaseUnavailableError } from "./errors.ts";
import { createGate } from "./gate.ts";
import { createGroupWriter, defaultGroupLimits, type GroupLimits } from "./group-writer.ts";
import { aFix } from "./testing.ts";

afterEach(() => {
  vi.useRealTimers();
});

const batchOf = (...times: number[]): LocationBatch => ({
  samples: times.map((atMs) => aFix({ deviceId: 1, accountId: 1, atMs })),
  devices: [],
});

/** A writer whose writes end when told; a fix is fresh when its time is even. */
function aSlowWriter(limits: Partial<GroupLimits> = {}) {
  const commits: number[][] = [];
  const endings: { done(): void; fail(error: Error): void }[] = [];
  const writer = createGroupWriter(
    createGate(),
    (batches) =>
      new Promise((resolve, reject) => {
        const times = batches.flatMap((batch) => batch.samples.map((sample) => sample.atMs));
        commits.push(times);
        endings.push({ done: () => resolve(Uint8Array.from(times, (time) => 1 - (time % 2))), fail: reject });
      }),
    { ...defaultGroupLimits, ...limits },
  );
  const ending = (n: number) => vi.waitUntil(() => endings[n]);
  return { ...writer, commits, ending };
}

describe("group commit", () => {
  test("what waits while a write runs goes into the next one together", async () => {
    const { writeLocations, commits, ending } = aSlowWriter();
    const first = writeLocations(batchOf(1));
    const running = await ending(0);
    const waiting = [writeLocations(batchOf(2, 3)), writeLocations(batchOf(4)), writeLocations(batchOf(5))];
    running.done();
    (await ending(1)).done();
    expect(await Promise.all([first, ...waiting])).toEqual([
      { fresh: [false] },
      { fresh: [true, false] },
      { fresh: [true] },
      { fresh: [false] },
    ]);
    expect(commits).toEqual([[1], [2, 3, 4, 5]]);
  });

  test("one commit stays within its rows, unless a single batch is larger", async () => {
    const { writeLocations, commits, ending } = aSlowWriter({ maxRowsPerCommit: 3 });
    const all = [batchOf(1, 2), batchOf(3), batchOf(4, 5, 6, 7), batchOf(8)].map((batch) => writeLocations(batch));
    for (const n of [0, 1, 2]) (await ending(n)).done();
    await Promise.all(all);
    expect(commits).toEqual([[1, 2, 3], [4, 5, 6, 7], [8]]);
  });

  test("a failed commit fails all its calls, not the next ones", async () => {
    const { writeLocations, ending } = aSlowWriter();
    const together = [writeLocations(batchOf(1)), writeLocations(batchOf(2))];
    (await ending(0)).fail(new DatabaseUnavailableError("the disk is full"));
    const outcomes = await Promise.allSettled(together);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
    const later = writeLocations(batchOf(2));
    (await ending(1)).done();
    expect(await later).toEqual({ fresh: [true] });
  });

  test("turns away what waited too long or would be too much, and keeps nothing of it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { writeLocations, commits, ending } = aSlowWriter({ maxRowsWaiting: 3 });
    const first = writeLocations(batchOf(1));
    const running = await ending(0);
    const waiting = writeLocations(batchOf(2, 3)).catch((error: unknown) => error);
    await expect(writeLocations(batchOf(4, 5))).rejects.toBeInstanceOf(DatabaseBusyError);
    vi.advanceTimersByTime(defaultGroupLimits.maxWaitMs);
    expect(await waiting).toBeInstanceOf(DatabaseBusyError);
    running.done();
    await first;
    expect(commits).toEqual([[1]]);
  });
});
