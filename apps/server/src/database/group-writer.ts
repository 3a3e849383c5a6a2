import type { LocationBatch, LocationsWritten } from "./database.ts";
import { ConstraintError, DatabaseBusyError } from "./errors.ts";
import type { Gate } from "./gate.ts";

export type GroupLimits = {
  /** Rows in one commit: about 50 ms of the worker, so that no query waits long behind it. */
  readonly maxRowsPerCommit: number;
  /** Rows that may wait: some 20 MB, and about a second of writing. */
  readonly maxRowsWaiting: number;
  /** A caller is owed an answer within 2 s. */
  readonly maxWaitMs: number;
};

export const defaultGroupLimits: GroupLimits = { maxRowsPerCommit: 5_000, maxRowsWaiting: 100_000, maxWaitMs: 2_000 };

/** Writes batches in one transaction; for every sample, one behind the other, 1 if it was fresh. */
export type WriteTogether = (batches: readonly LocationBatch[]) => Promise<Uint8Array>;

type Waiting = {
  readonly batch: LocationBatch;
  readonly rows: number;
  readonly timer: NodeJS.Timeout;
  resolve(written: LocationsWritten): void;
  reject(reason: unknown): void;
};

/** Group commit: what arrives while a write runs goes together into the next one. Each call gets its own answer. */
export function createGroupWriter(gate: Gate, write: WriteTogether, limits: GroupLimits = defaultGroupLimits) {
  /** In order of arrival. */
  const line = new Set<Waiting>();
  let rowsWaiting = 0;
  let running = false;

  const leaveLine = (waiting: Waiting) => {
    clearTimeout(waiting.timer);
    if (line.delete(waiting)) rowsWaiting -= waiting.rows;
  };

  const takeGroup = (): Waiting[] => {
    const group: Waiting[] = [];
    let rows = 0;
    for (const waiting of line) {
      if (group.length > 0 && rows + waiting.rows > limits.maxRowsPerCommit) break;
      rows += waiting.rows;
      group.push(waiting);
      leaveLine(waiting);
    }
    return group;
  };

  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const fresh = await write(group.map((waiting) => waiting.batch));
      let at = 0;
      for (const waiting of group) {
        const end = at + waiting.batch.samples.length;
        waiting.resolve({ fresh: Array.from(fresh.subarray(at, end), (flag) => flag === 1) });
        at = end;
      }
    } catch (error) {
      if (error instanceof ConstraintError && group.length > 1) {
        // One batch with an impossible value must not take its neighbours along.
        for (const alone of group) await writeGroup([alone]);
      } else {
        for (const waiting of group) waiting.reject(error);
      }
    }
  };

  const run = async (): Promise<void> => {
    running = true;
    while (line.size > 0) {
      try {
        const leave = await gate.enter();
        try {
          // All may have given up while the gate was closed.
          const group = takeGroup();
          if (group.length > 0) await writeGroup(group);
        } finally {
          leave();
        }
      } catch (error) {
        for (const waiting of takeGroup()) waiting.reject(error);
      }
    }
    running = false;
  };

  return {
    writeLocations(batch: LocationBatch): Promise<LocationsWritten> {
      const rows = batch.samples.length + batch.devices.length;
      if (rows === 0) return Promise.resolve({ fresh: [] });
      if (rowsWaiting + rows > limits.maxRowsWaiting && line.size > 0)
        return Promise.reject(new DatabaseBusyError(`${rowsWaiting} location rows wait for the database already`));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          leaveLine(waiting);
          reject(new DatabaseBusyError(`waited ${limits.maxWaitMs} ms for the database`));
        }, limits.maxWaitMs);
        const waiting: Waiting = { batch, rows, timer, resolve, reject };
        line.add(waiting);
        rowsWaiting += rows;
        if (!running) void run();
      });
    },
  };
}
