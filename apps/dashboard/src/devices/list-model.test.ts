import type { Device } from "@dsp-fleet/contract";
import { describe, expect, test } from "vitest";
import { aDevice, after, nine } from "../live/a-device.ts";
import { liveDevice } from "../live/live-device.ts";
import { compareNames, type Filter, type ListModel, listModel, matches } from "./list-model.ts";

const here = { lastLat: 41.39, lastLon: 2.16 };
const van = (id: number, values: Partial<Device> = {}) =>
  liveDevice(aDevice({ id, name: `Van ${id}`, ...here, lastLocationAt: after(0), ...values }));

const vans = [
  van(2),
  van(10, { isConnected: false, lastLocationAt: after(-300) }),
  van(1, { isConnected: false, lastLocationAt: after(-100) }),
  van(3, { lastLocationAt: after(-200) }),
  van(4, { batteryLevelPercent: 9 }),
].sort(compareNames("en"));

/** Half a minute after they were last seen. */
const later = nine + 30_000;
const show = (search = "", filter: Filter = "all") => listModel(vans, { search, filter }, later, later);
const ids = (model: ListModel, kind: "van" | "need") =>
  model.items.flatMap((item) => (item.kind === kind ? [item.id] : []));

describe("the list of vans", () => {
  test("is by name, numbers as numbers", () => {
    expect(ids(show(), "van")).toEqual([1, 2, 3, 4, 10]);
  });

  test("begins with those that need somebody: the worst first, among them the latest", () => {
    expect(ids(show(), "need")).toEqual([1, 10, 3, 4]);
    expect(show().items[0]).toEqual({ kind: "needs-title", count: 4 });
  });

  test("has no such part when nothing is wrong", () => {
    expect(listModel([van(2)], { search: "", filter: "all" }, nine, nine).items[0]).toEqual({
      kind: "all-title",
      count: 1,
      offMap: 0,
    });
  });

  test("shows one status and keeps counting all", () => {
    const dark = show("", "dark");
    expect(ids(dark, "van")).toEqual([1, 10]);
    expect(dark.counts).toEqual({ all: 5, live: 0, seen: 0, still: 2, stale: 1, dark: 2 });
  });

  test("does not count as still who was seen but once, a moment ago", () => {
    const model = listModel([van(2)], { search: "", filter: "all" }, nine + 5_000, nine);
    expect(model.counts).toMatchObject({ all: 1, live: 0, seen: 1, still: 0 });
  });

  test("says how many the map cannot show, for they have told no position yet", () => {
    const lost = van(9, { lastLat: null, lastLon: null, lastLocationAt: null });
    expect(listModel([van(2), lost], { search: "", filter: "all" }, nine, nine).items.at(-3)).toMatchObject({
      kind: "all-title",
      count: 2,
      offMap: 1,
    });
  });

  test("blames no van for what could not be heard while the line was down", () => {
    const model = listModel([van(2)], { search: "", filter: "all" }, nine + 600_000, nine);
    expect([ids(model, "need"), model.counts.stale]).toEqual([[], 1]);
  });
});

describe("search", () => {
  const ana = van(12, { name: "Ána Müller", identifier: "B-FX 1234" });

  test.each(["", "ana", "MULLER", "fx 12", "muller b-fx", " ana "])("%j finds Ána Müller, B-FX 1234", (search) => {
    expect(matches(ana, search)).toBe(true);
  });

  test.each(["anna", "12 99"])("%j does not", (search) => {
    expect(matches(ana, search)).toBe(false);
  });
});
