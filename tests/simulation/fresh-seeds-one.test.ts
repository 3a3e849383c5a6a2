import { expect, test } from "vitest";
import { liveFreshSeeds } from "./fresh-seeds.ts";

test("half of the fresh seeds: whatever is lost, cut or crashes, every promise holds", async () => {
  expect(await liveFreshSeeds(0, 2)).toEqual([]);
});
