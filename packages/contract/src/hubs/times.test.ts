import { describe, expect, test } from "vitest";
import { z } from "zod";
import { id, time } from "../values.ts";
import { argumentBinder } from "./arguments.ts";
import { fleetHub } from "./fleet.ts";
import { pairingHub } from "./pairing.ts";
import { datesAsTimes, eventsWithDates, timesAsDates } from "./times.ts";

const iso = "2026-01-31T12:00:00.000Z";
const date = new Date(iso);

describe("times as Dates", () => {
  const events = eventsWithDates(fleetHub);
  const { DeviceUpdated, ZoneSync, MessageUpdated, RescueSessionStarted, ZoneVisitChanged } = events;

  test("among arguments, where they are known", () => {
    const args = [7, true, 1, 2, iso, null, "1.0", "en", null, "idle"];
    expect(DeviceUpdated?.(args)).toEqual([7, true, 1, 2, date, null, "1.0", "en", null, "idle"]);
    expect(args[4]).toBe(iso);
  });

  test("in lists and objects, and a text that only looks like one stays text", () => {
    const zone = { id: 1, name: iso, updatedAt: iso };
    expect(ZoneSync?.([[zone, zone]])).toEqual([[1, 1].map(() => ({ id: 1, name: iso, updatedAt: date }))]);
    expect(zone.updatedAt).toBe(iso);
    expect(MessageUpdated?.([{ body: iso, createdAt: iso, seenAt: null }])).toEqual([
      { body: iso, createdAt: date, seenAt: null },
    ]);
    expect(ZoneVisitChanged?.([{ enteredAt: iso, leftAt: null }])).toEqual([{ enteredAt: date, leftAt: null }]);
    expect(RescueSessionStarted?.([{ startedUtc: iso }])).toEqual([{ startedUtc: date }]);
  });

  test("nothing is looked for where there are none", () => {
    const timeless = Object.keys(events).filter((name) => events[name] === null);
    expect(timeless).toEqual(
      expect.arrayContaining(["ZoneDeleted", "ReceiveMessage", "DeviceRemoved", "StopFastLocation"]),
    );
    expect(eventsWithDates(pairingHub)).toEqual({ DeviceBound: null });
  });

  test("a schema of a kind that nobody thought of is an error at the start", () => {
    expect(() => timesAsDates(z.tuple([time]))).toThrow("Nobody has said where the times are");
    expect(() => timesAsDates(z.union([time, id]))).toThrow("Nobody has said where the times are");
    expect(timesAsDates(z.union([z.string(), id]))).toBeNull();
  });
});

describe("Dates as times", () => {
  test("a method's arguments may be Dates where it takes times, and only there", () => {
    const binder = argumentBinder({ at: time, until: time.nullable(), note: z.string() });
    expect(binder.bind([date, null, "x"])).toEqual({ ok: true, values: { at: iso, until: null, note: "x" } });
    expect(binder.bind([date, date, date])).toEqual({ ok: false, reason: "note must be text" });
  });

  test("samples, which are looked at one by one later, lose their Dates and nothing else", () => {
    const binder = argumentBinder(fleetHub.methods.ReportSamples.params);
    const [plain, dated] = [
      { atUtc: iso, lat: 1 },
      { atUtc: date, lat: 1 },
    ];
    const samples = [plain, dated, date, [dated], null, Uint8Array.of(1)];
    expect(binder.bind([samples])).toEqual({
      ok: true,
      values: { samples: [plain, plain, iso, [plain], null, Uint8Array.of(1)] },
    });
    expect(samples[1]).toEqual({ atUtc: date, lat: 1 });
  });

  test("what has no Dates is not copied", () => {
    const value = [{ atUtc: iso }];
    expect(datesAsTimes(z.unknown())?.(value)).toBe(value);
  });
});
