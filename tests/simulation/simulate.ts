import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { newFile } from "./engine/store.ts";
import { startOfTime } from "./engine/world.ts";
import { runSeed } from "./run-seed.ts";

// npm run simulate -- --seed 42 [--count 100] [--log run.log]: lives seeds through and says what was wrong in them.

const { values } = parseArgs({
  options: { seed: { type: "string" }, count: { type: "string", default: "1" }, log: { type: "string" } },
});
const first = Number(values.seed ?? Date.now() % 1_000_000_000);
const count = Number(values.count);
const file = await newFile();
const startedAt = performance.now();
let failed = 0;

for (let seed = first; seed < first + count; seed += 1) {
  const run = await runSeed(seed, file);
  if (run.findings.length > 0) failed += 1;
  if (count === 1) process.stdout.write(`${JSON.stringify(run.counts, null, 2)}\ntrace ${run.trace}\n`);
  for (const { promise, at, says } of run.findings)
    process.stdout.write(`seed ${seed}, ${(at - startOfTime) / 1_000} s: ${promise}: ${says}\n`);
  if (values.log === undefined) continue;
  const lines = run.entries.map(
    ({ at, who, ...fact }) => `${(at - startOfTime) / 1_000} ${who} ${JSON.stringify(fact)}`,
  );
  writeFileSync(values.log, `${lines.join("\n")}\n`);
}
const ms = (performance.now() - startedAt) / count;
process.stdout.write(`${count} seeds from ${first}, ${failed} failed, ${ms.toFixed(1)} ms each\n`);
process.exitCode = failed > 0 ? 1 : 0;
