import { randomInt } from "node:crypto";
import { newFile } from "./engine/store.ts";
import { runSeed } from "./run-seed.ts";

/** Seeds that no run had before; with SIMULATION_SEEDS more or fewer of them. */
const count = Number(process.env["SIMULATION_SEEDS"] ?? 1_000);
const highest = 2 ** 32;

/** Lives through one of `parts` equal shares of the fresh seeds; answers what was wrong in them. */
export async function liveFreshSeeds(parts: number): Promise<string[]> {
  const first = randomInt(highest - count);
  const file = await newFile();
  const failures: string[] = [];
  for (let seed = first; seed < first + count / parts; seed += 1) {
    const { findings } = await runSeed(seed, file);
    for (const { promise, says } of findings)
      failures.push(`npm run simulate -- --seed ${seed}, and add it to failed-seeds.json: ${promise}: ${says}`);
  }
  return failures.slice(0, 20);
}
