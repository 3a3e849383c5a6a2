import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testingClock } from "../testing-clock.ts";
import { createPacer } from "./pacer.ts";

const everyMs = 2_000;

function pacing() {
  const clock = testingClock(0);
  let newest: number | null = null;
  const sent: { at: number; news: number }[] = [];
  const pacer = createPacer(clock, everyMs, () => {
    if (newest === null) return false;
    sent.push({ at: clock.now(), news: newest });
    return true;
  });
  return {
    clock,
    pacer,
    sent,
    news(value: number) {
      newest = value;
      pacer.news();
    },
  };
}

describe("a pacer", () => {
  test("sends at most once each 2 s, the newest, and never leaves the last unsent", () => {
    const waits = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(waits, (steps) => {
        const { clock, sent, news } = pacing();
        for (const [index, ms] of steps.entries()) {
          clock.move(ms);
          news(index);
        }
        const end = clock.now();
        clock.move(everyMs);
        for (const [index, { at, news: value }] of sent.entries()) {
          const before = sent[index - 1];
          if (before === undefined) continue;
          expect(at - before.at).toBeGreaterThanOrEqual(everyMs);
          expect(value).toBeGreaterThan(before.news);
        }
        expect(sent.at(-1)?.news).toBe(steps.length - 1);
        expect((sent.at(-1)?.at ?? 0) - end).toBeLessThanOrEqual(everyMs);
        const count = sent.length;
        clock.move(100_000);
        expect(sent.length).toBe(count);
      }),
    );
  });

  test("with nothing to send yet waits for nothing", () => {
    const { clock, pacer, sent, news } = pacing();
    pacer.news();
    clock.move(1);
    news(1);
    expect(sent).toEqual([{ at: 1, news: 1 }]);
  });

  test("counts what was sent by other means", () => {
    const { clock, pacer, sent, news } = pacing();
    news(1);
    clock.move(1_500);
    pacer.sent();
    news(2);
    clock.move(1_999);
    expect(sent).toHaveLength(1);
    clock.move(1);
    expect(sent).toEqual([
      { at: 0, news: 1 },
      { at: 3_500, news: 2 },
    ]);
  });

  test("that is stopped sends nothing more, also not what waits", () => {
    const { clock, pacer, sent, news } = pacing();
    news(1);
    news(2);
    pacer.stop();
    clock.move(100_000);
    expect(sent).toHaveLength(1);
  });
});
