import type { Clock } from "../clock.ts";
import { createTokenBuckets } from "../limits/token-buckets.ts";

/**
 * While a server has little to do, each update leaves at once. Past this many a second the writes to the dashboards'
 * sockets would be most of its work, so updates of one account leave together.
 */
const atOnce = { burst: 250, perSecond: 250 };
/** How long the first of them waits for others; vans report each 2 to 5 s, and markers glide from fix to fix. */
export const gatherMs = 250;
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
      const queue = waiting.get(accountId);
      if (queue !== undefined) {
        queue.updates.push(update);
      } else if (bucket.take("all") === 0) {
        send(accountId, [update]);
      } else {
        waiting.set(accountId, { dueAt: clock.now() + gatherMs, updates: [update] });
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
