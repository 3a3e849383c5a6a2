import { describe, expect, test } from "vitest";
import type { LiveDevice } from "../devices/live-device.ts";
import { compareCandidates, rankCandidates } from "./candidates.ts";

const now = Date.UTC(2026, 0, 1);

const aVan = (id: number, what: Partial<LiveDevice> = {}): LiveDevice => ({
  id,
  accountId: 1,
  boundAt: 0,
  platform: null,
  model: null,
  name: `Van ${id}`,
  identifier: null,
  version: 1,
  isConnected: true,
  lastLat: 41,
  lastLon: 2,
  lastLocationAt: now,
  batteryLevelPercent: 80,
  appVersion: null,
  appLanguage: null,
  appInfoAt: null,
  syncState: "idle",
  ...what,
});

const rescuee = aVan(1);
const nobody = () => false;

describe("candidates for a rescue", () => {
  test.each<[string, Partial<LiveDevice>, string[]]>([
    ["a van that is there", {}, []],
    ["a battery at the limit", { batteryLevelPercent: 20 }, []],
    ["a battery below it", { batteryLevelPercent: 19.9 }, ["low-battery"]],
    ["a battery that nobody knows", { batteryLevelPercent: null }, []],
    ["a position of five minutes", { lastLocationAt: now - 300_000 }, []],
    ["an older one", { lastLocationAt: now - 300_001 }, ["old-position"]],
    ["one that is ahead of our clock", { lastLocationAt: now + 60_000 }, []],
    ["no position", { lastLat: null, lastLon: null, lastLocationAt: null }, ["no-position"]],
    ["a van that is away", { isConnected: false, lastLocationAt: 0 }, ["offline", "old-position"]],
  ])("%s", (_, what, reasons) => {
    const [candidate] = rankCandidates([rescuee, aVan(2, what)], rescuee, nobody, now);
    expect(candidate).toMatchObject({ deviceId: 2, reasons, eligible: reasons.length === 0 });
    expect(candidate?.positionAgeSeconds ?? 0).toBeGreaterThanOrEqual(0);
  });

  test("a rescuee whose place nobody knows gets the list without distances, in the order of ids", () => {
    const lost = aVan(1, { lastLat: null, lastLon: null });
    const vans = [lost, aVan(3), aVan(2), aVan(4, { isConnected: false })];
    expect(
      rankCandidates(vans, lost, nobody, now).map(({ deviceId, distanceMeters }) => [deviceId, distanceMeters]),
    ).toEqual([
      [2, null],
      [3, null],
      [4, null],
    ]);
  });

  test("five thousand vans: the nearest that nothing speaks against come first, each once", () => {
    const vans = Array.from({ length: 5_000 }, (_, index) =>
      aVan(index + 2, { lastLat: 41 + ((index * 7919) % 5_000) / 10_000, isConnected: index % 3 !== 0 }),
    );
    const ranked = rankCandidates([rescuee, ...vans], rescuee, (id) => id % 5 === 0, now);
    expect(new Set(ranked.map(({ deviceId }) => deviceId)).size).toBe(5_000);
    const eligible = ranked.filter((candidate) => candidate.eligible);
    expect(ranked.slice(0, eligible.length)).toEqual(eligible);
    expect(ranked).toEqual(ranked.toSorted(compareCandidates));
    const distances = eligible.map(({ distanceMeters }) => distanceMeters ?? Number.NaN);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  });
});
