import type { OpenFile } from "@dsp-fleet/server/inside";
import { beforeAll, expect, test } from "vitest";
import { newFile } from "./engine/store.ts";
import { plants } from "./plants/plants.ts";
import { runSeed } from "./run-seed.ts";

/** Most show within a few lives; the rarest, more than 32 messages waiting at a connect, in one of twenty. */
const mostSeeds = 200;

let file: OpenFile;
beforeAll(async () => {
  file = await newFile();
});

test.each(plants)("$name: breaks “$breaks”, and is found", async (plant) => {
  const found = new Set<string>();
  for (let seed = 1; seed <= mostSeeds && !found.has(plant.breaks); seed += 1) {
    const { findings } = await runSeed(seed, file, plant);
    for (const { promise } of findings) found.add(promise);
  }
  expect([...found]).toContain(plant.breaks);
});
