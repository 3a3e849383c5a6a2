import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import { createDeviceUpdates, gatherMs } from "./device-updates.ts";

/** A clock that stands until it is moved. */
function heldClock(): Clock & { move(ms: number): void } {
  let now = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    move(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}

function gathering() {
  const clock = heldClock();
  const writes: { accountId: number; updates: readonly string[]; at: number }[] = [];
  const updates = createDeviceUpdates<string>(clock, (accountId, sent) => {
    writes.push({ accountId, updates: [...sent], at: clock.now() });
  });
  const keepBusy = () => {
    for (let index = 0; index < 300; index += 1) updates.add(9, "busy");
    updates.flush(9);
    writes.length = 0;
  };
  return { clock, writes, updates, keepBusy };
}

describe("updates of an account", () => {
  test("each leaves at once while there is little to do", () => {
    const { writes, updates } = gathering();
    updates.add(1, "a");
    updates.add(1, "b");
    updates.add(2, "c");
    expect(writes.map((write) => write.updates)).toEqual([["a"], ["b"], ["c"]]);
  });

  test("those of one account leave together when there is much to do", () => {
    const { clock, writes, updates, keepBusy } = gathering();
    keepBusy();
    updates.add(1, "a");
    updates.add(2, "b");
    updates.add(1, "c");
    expect(writes).toEqual([]);
    clock.move(gatherMs + 20);
    expect(writes.map((write) => write.updates)).toEqual([["a", "c"], ["b"]]);
  });

  test("wait the longer the more there is to do", () => {
    const { clock, writes, updates, keepBusy } = gathering();
    const waitAfter = (updatesASecond: number): number => {
      for (let index = 0; index < updatesASecond; index += 1) updates.add(9, "busy");
      clock.move(1_000);
      keepBusy();
      updates.add(1, "a");
      const addedAt = clock.now();
      clock.move(1_000);
      return (writes.find((write) => write.accountId === 1)?.at ?? Number.NaN) - addedAt;
    };
    expect(waitAfter(0)).toBeLessThanOrEqual(60);
    const wait = waitAfter(2_000);
    expect(wait).toBeGreaterThanOrEqual(200);
    expect(wait).toBeLessThanOrEqual(240);
    expect(waitAfter(20_000)).toBeLessThanOrEqual(gatherMs + 20);
  });

  test("what must follow them can be sent after them", () => {
    const { writes, updates, keepBusy } = gathering();
    keepBusy();
    updates.add(1, "a");
    updates.add(1, "b");
    updates.flush(1);
    expect(writes.map((write) => write.updates)).toEqual([["a", "b"]]);
  });

  test("none is lost, doubled, reordered or late", () => {
    const step = fc.record({
      waitMs: fc.nat(40),
      accountId: fc.integer({ min: 1, max: 3 }),
      burst: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { clock, writes, updates } = gathering();
        const addedAt = new Map<string, number>();
        const order = new Map<number, string[]>();
        for (const [index, { waitMs, accountId, burst }] of steps.entries()) {
          clock.move(waitMs);
          for (let part = 0; part < burst; part += 1) {
            const text = `${index}.${part}`;
            addedAt.set(text, clock.now());
            order.set(accountId, [...(order.get(accountId) ?? []), text]);
            updates.add(accountId, text);
          }
        }
        clock.move(1_000);
        for (const [accountId, texts] of order) {
          const own = writes.filter((write) => write.accountId === accountId);
          expect(own.flatMap((write) => write.updates)).toEqual(texts);
        }
        for (const { updates: texts, at } of writes) {
          for (const text of texts) expect(at - (addedAt.get(text) ?? 0)).toBeLessThanOrEqual(gatherMs + 20);
        }
      }),
    );
  });
});
