import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { newFile } from "./engine/store.ts";
import { runSeed } from "./run-seed.ts";

/** Seeds that no run had before; with SIMULATION_SEEDS more or fewer of them. */
const count = Number(process.env["SIMULATION_SEEDS"] ?? 1_000);
const highest = 2 ** 32;

/** In CI they follow from the commit, so that whoever repeats its tests lives the same lives; elsewhere every run has others. */
function firstSeed(): number {
  if (process.env["CI"] === undefined) return randomInt(highest - count);
  try {
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" });
    return Number.parseInt(commit.slice(0, 8), 16) % (highest - count);
  } catch {
    // A folder without its history.
    return randomInt(highest - count);
  }
}

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
