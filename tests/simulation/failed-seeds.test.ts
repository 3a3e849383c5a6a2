import { expect, test } from "vitest";
import { newFile } from "./engine/store.ts";
import failedSeeds from "./failed-seeds.json" with { type: "json" };
import { runSeed } from "./run-seed.ts";

test.each(failedSeeds)("seed $seed holds now: $was", async ({ seed }) => {
  const { findings } = await runSeed(seed, await newFile());
  expect(findings).toEqual([]);
});
