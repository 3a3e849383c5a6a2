import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cpuPerReport, latencyAtHalf, mainThreadPerThousandSamples, memoryPerIdleConnection } from "./measure.ts";
import { report } from "./report.ts";

const quick = process.argv.includes("--quick");
/** 400 accounts of 50 and of 100 vans that drive and report each 5 s. */
const rates = [4_000, 8_000];
const latencyRates = [8_000, 12_000, 16_000, 20_000, 24_000, 28_000, 32_000, 36_000, 40_000];
const progress = (text: string) => process.stdout.write(`  ${text}\n`);

process.stdout.write("Report path: CPU, memory, latency, storage\n");
const cpu = await cpuPerReport(rates, quick ? 4 : 6, quick ? 1 : 5, progress);
const idle = await memoryPerIdleConnection(quick ? 2_000 : 5_000, progress);
const latency = await latencyAtHalf(latencyRates, quick ? 4 : 10, progress);
const storage = await mainThreadPerThousandSamples(1_000, progress);
const page = report({ cpu, idle, latency, storage });
if (quick) process.stdout.write(`\n${page}`);
else writeFileSync(join(import.meta.dirname, "../../docs/PERFORMANCE.md"), page);
