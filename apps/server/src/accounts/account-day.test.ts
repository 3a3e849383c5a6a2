import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountDateAt, accountDay } from "./account-day.ts";

const hourMs = 3_600_000;
const zones = Intl.supportedValuesOf("timeZone");
const next = (date: string) => Temporal.PlainDate.from(date).add({ days: 1 }).toString();
const hoursOf = (zone: string, date: string) => {
  const { fromMs, toMs } = accountDay(zone, date);
  return (toMs - fromMs) / hourMs;
};

describe("days of an account", () => {
  test.each([
    ["Europe/Berlin", "2026-03-29", 23],
    ["Europe/Berlin", "2026-10-25", 25],
    ["Europe/Berlin", "2026-11-24", 24],
    ["Australia/Lord_Howe", "2026-04-05", 24.5],
    // No midnight: the clocks go from 23:59 to 1:00.
    ["Africa/Cairo", "2026-04-24", 23],
    ["America/Havana", "2026-03-08", 23],
    ["Antarctica/Troll", "2026-03-29", 22],
    ["Antarctica/Troll", "2026-10-25", 26],
    // Samoa went from the 29th to the 31st.
    ["Pacific/Apia", "2011-12-29", 24],
    ["Pacific/Apia", "2011-12-30", 0],
    ["Pacific/Apia", "2011-12-31", 24],
  ])("in %s, %s has %d hours", (zone, date, hours) => {
    expect(hoursOf(zone, date)).toBe(hours);
  });

  test("tile time in every zone, day for day over two years", () => {
    const torn: string[] = [];
    for (const zone of zones) {
      let { toMs } = accountDay(zone, "2025-12-31");
      for (let date = "2026-01-01"; date < "2028-01-01"; date = next(date)) {
        const day = accountDay(zone, date);
        if (day.fromMs !== toMs || day.toMs <= day.fromMs) torn.push(`${zone} ${date}`);
        toMs = day.toMs;
      }
    }
    expect(torn).toEqual([]);
  }, 60_000);

  test("hold each moment in exactly the day of its date, in every zone and year", () => {
    const moments = fc.record({
      zone: fc.constantFrom(...zones),
      ms: fc.integer({ min: Date.UTC(1970, 0, 2), max: Date.UTC(2060, 0, 1) }),
    });
    fc.assert(
      fc.property(moments, ({ zone, ms }) => {
        const date = accountDateAt(zone, ms);
        const { fromMs, toMs } = accountDay(zone, date);
        expect(fromMs <= ms && ms < toMs).toBe(true);
        expect(toMs - fromMs).toBeLessThanOrEqual(48 * hourMs);
        expect(accountDay(zone, next(date)).fromMs).toBe(toMs);
      }),
      { numRuns: 3_000 },
    );
  });
});
