import { cpus, totalmem } from "node:os";
import { median } from "../lib/statistics.ts";
import type { CpuRow, IdleRow, LatencyRow } from "./measure.ts";
import { dashboardCount, type SubjectName, shape, vanCount } from "./shape.ts";

export type Results = { cpu: readonly CpuRow[]; idle: IdleRow; latency: LatencyRow; storage: number };

const names: Record<SubjectName, string> = {
  "dsp-fleet": "DSP Fleet, durable storage on",
  ws: "plain `ws` and JSON, no database",
  "socket.io": "socket.io, no database",
};

const verdict = (reached: boolean) => (reached ? "reached" : "**not reached**");

/** The page that shows what was measured. */
export function report({ cpu, idle, latency, storage }: Results): string {
  const rates = [...new Set(cpu.map((row) => row.rate))];
  const kilobytes = idle.rssBytes / 1024;
  const lines = [
    "# Performance of the report path",
    "",
    "Made by `npm run bench`; do not edit. A van reports over its own connection, the server answers the van and tells the",
    `${shape.dashboardsPerAccount} dashboards of its account. ${shape.accounts} accounts, ${dashboardCount} dashboards and ${vanCount} connections of vans, all over loopback; the load`,
    "comes from a process of its own. The servers beside do the same job without checks, limits, tokens or a database. Each round starts",
    "every server afresh, one after the other; ratios are taken within a round, because machines drift. All run with the Node flags of npm start.",
    "",
    `Machine: ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}. ${new Date().toISOString().slice(0, 10)}.`,
    "",
    "| To reach | Measured: median (lowest–highest round) | |",
    "|---|---|---|",
    ...rates.flatMap((rate) => ratioLines(cpu, rate)),
    `| at most 15 KB per idle connection, ${idle.connections} of them | ${kilobytes.toFixed(1)} KB of resident memory, ${(idle.heapBytes / 1024).toFixed(1)} KB of it heap | ${verdict(kilobytes <= 15)} |`,
    `| storage takes at most 2.5 ms of the main thread per 1,000 samples | ${storage.toFixed(2)} ms | ${verdict(storage <= 2.5)} |`,
    "",
    ...rates.flatMap((rate) => cpuLines(cpu, rate)),
    "## From report to dashboard",
    "",
    `The highest steady rate tried that was answered in time was ${latency.maximum} reports a second (p99 below 1 s, nothing left behind). At half of`,
    `it, ${latency.rate} a second, a dashboard hears of a report after ${latency.p50.toFixed(1)} ms in the median and ${latency.p99.toFixed(1)} ms in the 99th percentile.`,
    "A server that sends fewer than 250 updates a second passes each on at once; beyond that, updates of one account leave together, the busier the later,",
    "after at most 400 ms. This is where most of that time goes, and where the CPU is saved ([decision 7](adr/0007-updates-gathered-under-load.md)).",
    "",
  ];
  return lines.join("\n");
}

function roundsOf(cpu: readonly CpuRow[], rate: number, subject: SubjectName): CpuRow["rounds"] {
  return cpu.find((row) => row.rate === rate && row.subject === subject)?.rounds ?? [];
}

function ratioLines(cpu: readonly CpuRow[], rate: number): string[] {
  const line = (goal: string, subject: SubjectName, limit: number) => {
    const others = roundsOf(cpu, rate, subject);
    const ratios = roundsOf(cpu, rate, "dsp-fleet").map(
      (round, index) => round.cpu / (others[index]?.cpu ?? Number.NaN),
    );
    const middle = median(ratios);
    const span = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    return `| ${goal}, at ${rate} reports a second | ${middle.toFixed(2)} (${span}) | ${verdict(middle <= limit)} |`;
  };
  return [
    line("no more CPU per report than plain `ws` (ratio ≤ 1.0)", "ws", 1),
    line("at most 0.6 of socket.io's CPU per report", "socket.io", 0.6),
  ];
}

function cpuLines(cpu: readonly CpuRow[], rate: number): string[] {
  const values = (rounds: CpuRow["rounds"], key: "cpu" | "mainThread") => rounds.map((round) => round[key]);
  return [
    `## CPU per report at ${rate} reports a second`,
    "",
    `As ${shape.accounts} accounts of ${(rate * 5) / shape.accounts} vans make that report each 5 s. All threads of the server's process, user and system, in µs.`,
    "",
    "| Server | Median | Main thread alone | Rounds |",
    "|---|---|---|---|",
    ...cpu
      .filter((row) => row.rate === rate)
      .map(({ subject, rounds }) => {
        const each = values(rounds, "cpu").map((value) => value.toFixed(1));
        const medians = [median(values(rounds, "cpu")), median(values(rounds, "mainThread"))];
        return `| ${names[subject]} | ${medians.map((value) => value.toFixed(1)).join(" | ")} | ${each.join(" · ")} |`;
      }),
    "",
  ];
}
