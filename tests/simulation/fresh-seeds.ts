import { randomInt } from "node:crypto";
import { newFile } from "./engine/store.ts";
import { runSeed } from "./run-seed.ts";

/** Seeds that no run had before; with SIMULATION_SEEDS more or fewer of them. */
const count = Number(process.env["SIMULATION_SEEDS"] ?? 1_000);
const highest = 2 ** 32;

/** In CI always the same ones, so that a red run tells of a change and can be repeated; elsewhere every run has others. */
const firstSeed = (): number => (process.env["CI"] === undefined ? randomInt(highest - count) : 9_000_000);

/** Lives through share `part` (0 …) of `parts` equal ones of the fresh seeds; answers what was wrong in them. */
export async function liveFreshSeeds(part: number, parts: number): Promise<string[]> {
  const share = Math.ceil(count / parts);
  const first = firstSeed() + part * share;
  const file = await newFile();
  const failures: string[] = [];
  for (let seed = first; seed < first + share; seed += 1) {
    const { findings } = await runSeed(seed, file);
    for (const { promise, says } of findings)
      failures.push(`npm run simulate -- --seed ${seed}, and add it to failed-seeds.json: ${promise}: ${says}`);
  }
  return failures.slice(0, 20);
}
