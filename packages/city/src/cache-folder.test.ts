import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { cityCacheDir } from "./cache-folder.ts";

test("the city is kept under the project's .cache, or where DSP_FLEET_CACHE says", () => {
  expect(cityCacheDir({})).toMatch(/[\\/]\.cache[\\/]city$/);
  expect(cityCacheDir({ DSP_FLEET_CACHE: "somewhere" })).toBe(join(resolve("somewhere"), "city"));
});
