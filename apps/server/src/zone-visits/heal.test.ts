import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trackOf } from "../history/track.ts";
import type { StoredFix } from "../history/track-fix.ts";
import { createZoneIndex } from "../zones/zone-index.ts";
import { zoneShape } from "../zones/zone-shape.ts";
import { heal, readingMarginMs } from "./heal.ts";
import { type DeviceTrack, isKnown } from "./live-visits.ts";
import { lateMs, reconcile } from "./reconcile.ts";
import { createReplay } from "./replay.ts";
import { overlap, type Visit } from "./visit.ts";

const startMs = Date.UTC(2026, 10, 24, 8);
const now = startMs + 24 * 3_600_000;
const metersNorth = 1 / 111_195;
const device = { accountId: 1, deviceId: 1 };

const circle = (id: number, north: number, radiusMeters: number, drawnAt = 0) =>
  zoneShape({ id, geometry: { type: "Point", coordinates: [13, 52 + north * metersNorth] }, radiusMeters }, drawnAt);
const zones = [circle(1, 0, 200), circle(2, 350, 200), circle(3, 1_500, 400)];

const sampleAt = (seconds: number, north: number, of: Partial<StoredFix> = {}): StoredFix => {
  const atMs = startMs + seconds * 1_000;
  return {
    atMs,
    lat: 52 + north * metersNorth,
    lon: 13,
    accuracyMeters: null,
    speedMps: null,
    headingDegrees: null,
    altitudeMeters: null,
    batteryPercent: null,
    receivedMs: atMs + 1_000,
    isLive: false,
    ...of,
  };
};

/** What the whole track says at once. */
function visitsOf(fixes: readonly StoredFix[], index = createZoneIndex(zones)): Visit[] {
  const replay = createReplay(index, device);
  for (const fix of readWhole(fixes)) if (!fix.outlier) replay.add(fix);
  return inOrder([...replay.closed, ...replay.open.values()]);
}

const readWhole = (fixes: readonly StoredFix[]) => trackOf(fixes.toSorted((a, b) => a.atMs - b.atMs));
const inOrder = (visits: Visit[]) => visits.toSorted((a, b) => a.enteredAt - b.enteredAt || a.zoneId - b.zoneId);

/** A server that keeps fixes as they come and heals after each batch. */
function aServer(index = createZoneIndex(zones)) {
  const stored = new Map<number, StoredFix>();
  let rows: Visit[] = [];
  const track: DeviceTrack = { ...device, last: null, open: null, changedAt: 0, isHealing: false, since: null };
  let healed = 0;
  return {
    rows: () => inOrder(rows),
    healed: () => healed,
    async takes(batch: readonly StoredFix[]) {
      const fresh = batch.filter(({ atMs }) => !stored.has(atMs)).toSorted((a, b) => a.atMs - b.atMs);
      for (const fix of fresh) stored.set(fix.atMs, fix);
      const [first, last] = [fresh[0], fresh.at(-1)];
      if (first === undefined || last === undefined || isKnown(track, index, fresh, readingMarginMs)) return;
      healed += 1;
      const whole = readWhole([...stored.values()]);
      const { gone, put, end, changedAt } = await heal({
        index,
        device,
        fromMs: first.atMs,
        toMs: last.atMs,
        endMs: now,
        now,
        async *track(fromMs, toMs) {
          yield whole.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
        },
        visitsSince: async (atMs) => rows.filter(({ leftAt }) => leftAt === null || leftAt > atMs),
      });
      const isOf = (list: readonly Visit[], row: Visit) =>
        list.some(({ zoneId, enteredAt }) => zoneId === row.zoneId && enteredAt === row.enteredAt);
      rows = [...rows.filter((row) => !isOf(gone, row) && !isOf(put, row)), ...put];
      const open = rows.filter(({ leftAt }) => leftAt === null);
      if (end !== null) expect(inOrder([...end.open])).toEqual(inOrder(open));
      track.open = new Map(open.map((visit) => [visit.zoneId, visit]));
      track.changedAt = Math.max(track.changedAt, changedAt);
    },
  };
}

const withoutFlags = (visits: Visit[]) =>
  visits.map(({ zoneId, enteredAt, leftAt }) => ({ zoneId, enteredAt, leftAt }));

/** A drive up and down past three zones, with halts, silences, rough fixes and jumps. */
const aDrive = fc
  .array(
    fc.record({
      seconds: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 30 }) }, fc.integer({ min: 60, max: 900 })),
      meters: fc.integer({ min: -250, max: 250 }),
      jump: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 3_000, max: 90_000 })),
      accuracyMeters: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.integer({ min: 5, max: 300 })),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((moves) => {
    let [at, north] = [0, -500];
    return moves.map(({ seconds, meters, jump, accuracyMeters }, index) => {
      at += seconds;
      north = Math.max(-700, Math.min(2_200, north + meters));
      // One at a time: what several false fixes in a row mean depends on all that came before.
      return sampleAt(at, north + (index % 8 === 4 ? jump : 0), { accuracyMeters });
    });
  });

/** The same fixes cut into batches, some twice, in any order. */
const aDelivery = aDrive.chain((fixes) =>
  fc
    .tuple(
      fc.array(fc.nat({ max: fixes.length }), { maxLength: 8 }),
      fc.array(fc.nat(), { minLength: 10, maxLength: 10 }),
      fc.shuffledSubarray(fixes),
    )
    .map(([cuts, keys, again]) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), fixes.length];
      const batches = edges.slice(1).map((to, i) => fixes.slice(edges[i], to));
      const shuffled = batches
        .map((batch, i) => ({ batch, key: keys[i] ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ batch }) => batch);
      return { fixes, batches: [...shuffled, again] };
    }),
);

describe("visits", () => {
  test("end the same from any split, order and repetition of the same fixes", async () => {
    await fc.assert(
      fc.asyncProperty(aDelivery, async ({ fixes, batches }) => {
        const server = aServer();
        for (const batch of batches) await server.takes(batch);
        expect(withoutFlags(server.rows())).toEqual(withoutFlags(visitsOf(fixes)));
      }),
      { numRuns: 400 },
    );
  });

  test("end after they began, and those of one zone do not overlap, at every moment", async () => {
    await fc.assert(
      fc.asyncProperty(aDelivery, async ({ batches }) => {
        const server = aServer();
        for (const batch of batches) {
          await server.takes(batch);
          const rows = server.rows();
          for (const { enteredAt, leftAt } of rows)
            expect(leftAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(enteredAt);
          for (const [i, one] of rows.entries())
            for (const other of rows.slice(i + 1)) expect(overlap(one, other)).toBe(false);
        }
      }),
    );
  });

  test("of before a shape was drawn stay as they were", async () => {
    const drawnAt = startMs + 100_000;
    const index = createZoneIndex([circle(1, 0, 200, drawnAt)]);
    const server = aServer(index);
    await server.takes([sampleAt(10, 0), sampleAt(50, 900)]);
    expect(server.rows()).toEqual([]);
    await server.takes([sampleAt(90, 0), sampleAt(110, 0), sampleAt(200, 900)]);
    expect(withoutFlags(server.rows())).toEqual([
      { zoneId: 1, enteredAt: startMs + 110_000, leftAt: startMs + 200_000 },
    ]);
  });

  test("are not looked at again for fixes that say nothing new", async () => {
    const server = aServer();
    await server.takes([sampleAt(0, 0)]);
    expect(server.healed()).toBe(1);
    for (let minute = 3; minute < 60; minute += 1) await server.takes([sampleAt(minute * 60, 10)]);
    expect(server.healed()).toBe(1);
    await server.takes([sampleAt(3_600, 5_000)]);
    expect(server.healed()).toBe(2);
  });
});

describe("what the account hears", () => {
  const visit = (enteredAt: number, leftAt: number | null, addedLate = false): Visit => ({
    ...device,
    zoneId: 1,
    enteredAt,
    leftAt,
    addedLate,
  });
  const old = now - lateMs - 60_000;

  test("of a visit that nobody saw is that it was added late", () => {
    expect(reconcile([], [visit(old, old + 1_000)], now).told).toEqual([visit(old, old + 1_000, true)]);
  });

  test("of one that samples show a moment more exactly is no news of something late", () => {
    const { gone, put, told } = reconcile([visit(now - 5_000, null)], [visit(now - 5_400, null)], now);
    expect([gone, put, told]).toEqual([
      [visit(now - 5_000, null)],
      [visit(now - 5_400, null)],
      [visit(now - 5_400, null)],
    ]);
  });

  test("of one that was none is that it ends where it began", () => {
    expect(reconcile([visit(old, null)], [], now)).toEqual({
      gone: [visit(old, null)],
      put: [],
      told: [visit(old, old, true)],
    });
  });

  test("of one that falls into two is both", () => {
    const { gone, put } = reconcile(
      [visit(old, old + 9_000)],
      [visit(old, old + 3_000), visit(old + 5_000, old + 9_000)],
      now,
    );
    expect(gone).toEqual([]);
    expect(put).toEqual([visit(old, old + 3_000, true), visit(old + 5_000, old + 9_000, true)]);
  });

  test("is nothing when the track says the same", () => {
    const rows = [visit(old, old + 9_000), visit(old + 20_000, null)];
    expect(reconcile(rows, rows, now)).toEqual({ gone: [], put: [], told: [] });
  });
});
