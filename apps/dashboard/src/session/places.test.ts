import { country, timezone } from "@dsp-fleet/contract";
import { expect, test } from "vitest";
import { countries, guessCountry, timezones } from "./places.ts";

test("every country on offer is one that the server takes, and has a name", () => {
  const all = countries("en");
  expect(all.length).toBeGreaterThan(240);
  for (const { value, label } of all) {
    expect(country.safeParse(value).success).toBe(true);
    expect(label).not.toBe(value);
  }
});

test("every time zone on offer is one that the server takes, this computer's own among them", () => {
  const all = timezones("Europe/Kyiv");
  expect(all.map(({ value }) => value)).toContain("Europe/Kyiv");
  expect(all.filter(({ value }) => !timezone.safeParse(value).success)).toEqual([]);
});

test("the country is guessed from the first language that names one", () => {
  expect([guessCountry(["en", "de-AT"]), guessCountry(["en-GB"]), guessCountry(["eo"])]).toEqual(["AT", "GB", "US"]);
  expect([guessCountry(["sr-Latn-RS"]), guessCountry(["de-CH@posix"]), guessCountry(["C", ""])]).toEqual([
    "RS",
    "CH",
    "US",
  ]);
});
