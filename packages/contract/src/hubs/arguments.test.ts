import { describe, expect, test } from "vitest";
import { argumentBinder, toNamed, toPositional } from "./arguments.ts";
import { fleetHub } from "./fleet.ts";

const report = argumentBinder(fleetHub.methods.ReportLocation.params);

describe("arguments of ReportLocation", () => {
  test("trailing values that may be null may be left out", () => {
    expect(report.bind([52.5, 13.4])).toEqual({
      ok: true,
      values: { lat: 52.5, lon: 13.4, batteryPercent: null, appVersion: null, appLanguage: null },
    });
  });

  test.each([
    [[91, 13], "lat must be at most 90"],
    [[52, -180.5], "lon must be at least -180"],
    [["52", 13], "lat must be a number"],
    [[Number.NaN, 13], "lat must be a number"],
    [[Number.POSITIVE_INFINITY, 13], "lat must be a number"],
    [[null, 13], "lat is missing"],
    [[52, 13, 101], "batteryPercent must be at most 100"],
    [[52, 13, 50, "x".repeat(65)], "appVersion can have at most 64 characters"],
    [[52], "takes 2 to 5 arguments, got 1"],
    [[52, 13, 50, "1", "en", true], "takes 2 to 5 arguments, got 6"],
  ])("%j is refused in words: %s", (args, reason) => {
    expect(report.bind(args)).toEqual({ ok: false, reason });
  });

  test("named values go out in the order of the contract and come back named", () => {
    const { params } = fleetHub.methods.ReportLocation;
    const args = toPositional(params, { lon: 13.4, lat: 52.5, appLanguage: "de" });
    expect(args).toEqual([52.5, 13.4, null, null, "de"]);
    expect(toNamed(params, args)).toMatchObject({ lat: 52.5, lon: 13.4, appLanguage: "de" });
  });
});

test("the events of FleetHub keep the reference's order of arguments", () => {
  expect(Object.keys(fleetHub.events.DeviceUpdated.args)).toEqual([
    "deviceId",
    "isConnected",
    "lastLat",
    "lastLon",
    "lastLocationAt",
    "batteryLevelPercent",
    "appVersion",
    "appLanguage",
    "appInfoAt",
    "syncState",
  ]);
});
