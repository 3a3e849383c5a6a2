import { describe, expect, test } from "vitest";
import { ageOf, ageText, agoText, labelAgeText, spokenAge } from "./age.ts";
import { compassName, createTimes, englishOf, speedValue } from "./format.ts";
import { createTexts } from "./i18n.ts";

const t = createTexts().getFixedT("en", "app");
const minutes = 60_000;

describe("ages", () => {
  test.each([
    [-5000, "0 s"],
    [0, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [59 * minutes, "59 min"],
    [60 * minutes, "1 h"],
    [47 * 60 * minutes, "47 h"],
    [48 * 60 * minutes, "2 d"],
  ])("%d ms reads %s", (ms, text) => {
    expect(ageText(t, ageOf(ms))).toBe(text);
  });

  test("under a second is just now", () => {
    expect([agoText(t, 400), agoText(t, 3400)]).toEqual(["just now", "3 s ago"]);
  });

  test("on the map steps of ten seconds are enough", () => {
    expect([9_999, 10_000, 59_000, 61_000].map((ms) => labelAgeText(t, ms))).toEqual(["now", "10 s", "50 s", "1 min"]);
  });

  test("are spoken in whole words", () => {
    expect([spokenAge(t, ageOf(1000)), spokenAge(t, ageOf(12 * minutes))]).toEqual(["1 second", "12 minutes"]);
  });
});

describe("units of the account", () => {
  test("speeds", () => {
    expect([speedValue(15.2, "mph"), speedValue(15.2, "kmh")]).toEqual([34, 55]);
  });

  test.each([
    [0, "N"],
    [22.4, "N"],
    [22.6, "NE"],
    [337.6, "N"],
    [359.9, "N"],
    [-90, "W"],
  ])("%d° is %s", (degrees, name) => {
    expect(compassName(degrees)).toBe(name);
  });

  test("times are the account's, with the day when it is another one there", () => {
    const chicago = createTimes(englishOf("US"), "America/Chicago", "America/Chicago");
    const evening = Date.UTC(2026, 2, 3, 1, 30);
    expect(chicago.clock(evening, evening)).toBe("19:30");
    expect(chicago.exact(evening, evening)).toBe("19:30:00");
    expect(chicago.clock(evening, evening + 12 * 3_600_000)).toBe("Mar 2, 19:30");
  });

  test("times name their zone to a reader in another one", () => {
    const madrid = createTimes(englishOf("ES"), "Europe/Madrid", "America/Chicago");
    expect(madrid.clock(Date.UTC(2026, 2, 3, 13), Date.UTC(2026, 2, 3, 14))).toBe("14:00 CET");
    expect(madrid.day(Date.UTC(2026, 2, 3))).toBe("3 Mar 2026");
  });
});
