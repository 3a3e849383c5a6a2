import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cpuPerReport, latencyAtHalf, mainThreadPerThousandSamples, memoryPerIdleConnection } from "./measure.ts";
import { report } from "./report.ts";

const quick = process.argv.includes("--quick");
const rate = 4_000;
const progress = (text: string) => process.stdout.write(`  ${text}\n`);

process.stdout.write("Report path: CPU, memory, latency, storage\n");
const cpu = await cpuPerReport(rate, quick ? 4 : 10, quick ? 1 : 5, progress);
const idle = await memoryPerIdleConnection(quick ? 2_000 : 5_000, progress);
const latency = await latencyAtHalf(
  [4_000, 6_000, 8_000, 10_000, 12_000, 14_000, 16_000, 20_000, 24_000],
  quick ? 4 : 10,
  progress,
);
const storage = await mainThreadPerThousandSamples(1_000, progress);
const page = report({ rate, cpu, idle, latency, storage });
if (quick) process.stdout.write(`\n${page}`);
else writeFileSync(join(import.meta.dirname, "../../docs/PERFORMANCE.md"), page);
