import type { Clock } from "../clock.ts";
import { createTokenBuckets } from "../limits/token-buckets.ts";

/**
 * While a server has little to do, each update leaves at once. Past this many a second the writes to the dashboards'
 * sockets would be most of its work, so updates of one account leave together.
 */
const atOnce = { burst: 250, perSecond: 250 };
/**
 * How long the first of them waits for others: the more there is to do, the longer, 100 ms for each thousand updates a second.
 * Vans report each 2 to 5 s, and markers glide from fix to fix.
 */
export const gatherMs = 400;
const gatherMsPerUpdateASecond = 0.1;
/** How exactly that is kept: one timer for all accounts. */
const tickMs = 20;

export type DeviceUpdates<Update> = {
  add(accountId: number, update: Update): void;
  /** Sends what waits for this account, so that news that must follow it can. */
  flush(accountId: number): void;
};

type Waiting<Update> = { dueAt: number; updates: Update[] };

/** Gathers the updates of an account's devices under load; their order is kept and none is left out. */
export function createDeviceUpdates<Update>(
  clock: Clock,
  send: (accountId: number, updates: readonly Update[]) => void,
): DeviceUpdates<Update> {
  const bucket = createTokenBuckets(clock, atOnce);
  const waiting = new Map<number, Waiting<Update>>();
  let ticking = false;
  let second = { endsAt: 0, updates: 0 };
  let waitMs = 0;

  /** Counts an update; how long one waits follows from how many there were in the second before. */
  function count(now: number): void {
    if (now >= second.endsAt || second.endsAt - now > 1_000) {
      waitMs = Math.min(gatherMs, second.updates * gatherMsPerUpdateASecond);
      second = { endsAt: now + 1_000, updates: 0 };
    }
    second.updates += 1;
  }

  function tick(): void {
    const now = clock.now();
    for (const [accountId, { dueAt, updates }] of waiting) {
      // A clock that was set back must not hold an account up.
      if (dueAt > now && dueAt - now <= gatherMs) continue;
      waiting.delete(accountId);
      send(accountId, updates);
    }
    ticking = waiting.size > 0;
    if (ticking) clock.after(tickMs, tick);
  }

  return {
    add(accountId, update) {
      const now = clock.now();
      count(now);
      const queue = waiting.get(accountId);
      if (queue !== undefined) {
        queue.updates.push(update);
      } else if (bucket.take("all") === 0) {
        send(accountId, [update]);
      } else {
        waiting.set(accountId, { dueAt: now + waitMs, updates: [update] });
        if (ticking) return;
        ticking = true;
        clock.after(tickMs, tick);
      }
    },
    flush(accountId) {
      const queue = waiting.get(accountId);
      if (queue === undefined) return;
      waiting.delete(accountId);
      send(accountId, queue.updates);
    },
  };
}
