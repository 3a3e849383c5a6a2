import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, startFleet } from "../lib/fleet.ts";
import { heldClock } from "../lib/held-clock.ts";
import { fullSamples, sampleAt } from "../lib/samples.ts";

let fleet: Fleet;
const clock = heldClock();
const day = 24 * 3_600_000;

beforeAll(async () => {
  fleet = await startFleet({ clock });
});
afterAll(() => fleet[Symbol.asyncDispose]());

const stored = (deviceId: number) =>
  fleet.server.app.database.queries
    .selectFrom("location_samples")
    .select(["at_ms", "lat"])
    .where("device_id", "=", deviceId)
    .orderBy("at_ms")
    .execute();

const position = async (account: string, deviceId: number) => {
  const { token } = await fleet.account(account);
  return (await fleet.rest(`GET /api/devices/${deviceId}`, { token })).body;
};

describe("samples", () => {
  test("are accepted, and the newest is shown with the time of its fix", async () => {
    const van = await fleet.device({ account: "north" });
    const dashboard = await fleet.dashboard("north");
    const now = clock.now();
    const receipt = await van.invoke("ReportSamples", [
      sampleAt(now - 1_000, 11),
      sampleAt(now - 60_000, 12),
      sampleAt(now - 2_000, 13),
    ]);
    expect(receipt).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
    expect(await dashboard.next("DeviceUpdated", ({ lastLat }) => lastLat !== null)).toMatchObject({
      deviceId: van.id,
      lastLat: 11,
      lastLocationAt: new Date(now - 1_000).toISOString(),
    });
  });

  test("that are bad are named by index and code, and spoil no other", async () => {
    const van = await fleet.device({ account: "north" });
    const now = clock.now();
    const good = sampleAt(now - 5_000);
    const batch = [
      { ...good, lat: 91 },
      good,
      null,
      "text",
      { ...good, lat: undefined },
      { ...good, atUtc: "yesterday" },
      { ...good, atUtc: "2026-02-30T00:00:00Z" },
      { ...good, atUtc: good.atUtc.replace("Z", "+00:00") },
      { ...good, atUtc: now },
      { ...good, extra: 1 },
      { ...good, headingDegrees: 361 },
      { ...good, batteryPercent: -1 },
      sampleAt(now + 2 * 60_000 + 2_000),
      sampleAt(now - 60 * day - 2_000),
      sampleAt(Date.UTC(1970, 0, 1)),
      sampleAt(now - 60 * day + 60_000),
      sampleAt(now + 2 * 60_000 - 2_000),
    ];
    const rejected = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((index) => ({ index, code: "invalid" }));
    expect(await van.invoke("ReportSamples", batch)).toEqual({
      accepted: 3,
      duplicates: 0,
      rejected: [
        ...rejected,
        { index: 12, code: "future" },
        { index: 13, code: "too-old" },
        { index: 14, code: "too-old" },
      ],
    });
    expect(await stored(van.id)).toHaveLength(3);
  });

  test("make a set: every repetition, order and split ends alike", async () => {
    const van = await fleet.device({ account: "north" });
    const now = clock.now();
    const [a, b, c, d] = [4, 3, 2, 1].map((ago) => sampleAt(now - ago * 1_000, ago)) as [
      unknown,
      unknown,
      unknown,
      unknown,
    ];
    expect(await van.invoke("ReportSamples", [b, d, b])).toEqual({ accepted: 2, duplicates: 1, rejected: [] });
    expect(await van.invoke("ReportSamples", [a, b, c, d])).toEqual({ accepted: 2, duplicates: 2, rejected: [] });
    expect(await van.invoke("ReportSamples", [d, c, b, a])).toEqual({ accepted: 0, duplicates: 4, rejected: [] });
    // The same time again with another place: the first stays.
    expect(await van.invoke("ReportSamples", [sampleAt(now - 1_000, 80)])).toMatchObject({ duplicates: 1 });
    expect((await stored(van.id)).map(({ lat }) => lat)).toEqual([4, 3, 2, 1]);
    expect(await position("north", van.id)).toMatchObject({ lastLat: 1 });
  });

  test("number up to 500 in one call, with every field as long as a phone makes it; 501 are refused", async () => {
    const van = await fleet.device({ account: "north" });
    const samples = fullSamples(501, clock.now());
    expect(await van.invoke("ReportSamples", samples.slice(1))).toEqual({ accepted: 500, duplicates: 0, rejected: [] });
    expect(await van.refusal("ReportSamples", samples)).toContain("invalid: samples can have at most 500 items");
    expect(await stored(van.id)).toHaveLength(500);
  });

  test("number up to 500 in one call also from a client that writes times to the ten-millionth", async () => {
    const van = await fleet.device({ account: "north" });
    const samples = fullSamples(500, clock.now()).map((sample) => ({
      ...sample,
      atUtc: sample.atUtc.replace("Z", "1234Z"),
    }));
    expect(await van.invoke("ReportSamples", samples)).toEqual({ accepted: 500, duplicates: 0, rejected: [] });
  });

  test("older than the last position never replace it, and are kept", async () => {
    const van = await fleet.device({ account: "north" });
    await van.reportLocation({ lat: 50, lon: 5 });
    const shown = await position("north", van.id);
    expect(await van.invoke("ReportSamples", [sampleAt(clock.now() - 60_000, 40)])).toMatchObject({ accepted: 1 });
    expect(await position("north", van.id)).toEqual(shown);
    await fleet.server.app.journal.flush();
    expect(await stored(van.id)).toHaveLength(2);
  });

  test("of a clock that runs ahead never hide the live fixes that follow", async () => {
    const van = await fleet.device({ account: "north" });
    const dashboard = await fleet.dashboard("north");
    await van.invoke("ReportSamples", [sampleAt(clock.now() + 100_000, 40)]);
    const ahead = await dashboard.next(
      "DeviceUpdated",
      ({ deviceId, lastLat }) => deviceId === van.id && lastLat === 40,
    );
    expect(Date.parse(String(ahead["lastLocationAt"]))).toBeLessThanOrEqual(clock.now());
    await van.reportLocation({ lat: 41, lon: 5 });
    expect(
      await dashboard.next("DeviceUpdated", ({ deviceId, lastLat }) => deviceId === van.id && lastLat === 41),
    ).toBeTruthy();
  });

  test("that are all bad are an answer and not an error", async () => {
    const van = await fleet.device({ account: "north" });
    expect(await van.invoke("ReportSamples", [1])).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: [{ index: 0, code: "invalid" }],
    });
  });

  test("of another account's device cannot be written: the device is the caller", async () => {
    const van = await fleet.device({ account: "south" });
    const sample = { ...sampleAt(clock.now()), deviceId: 1 };
    expect(await van.invoke("ReportSamples", [sample])).toMatchObject({ rejected: [{ index: 0, code: "invalid" }] });
  });
});
