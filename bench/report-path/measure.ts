import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "@dsp-fleet/server/parts";
import { median, quantile } from "../lib/statistics.ts";
import { dashboardCount, type SubjectName, vanCount } from "./shape.ts";
import { startSubject } from "./subject.ts";

export type Progress = (text: string) => void;

const subjects: readonly SubjectName[] = ["dsp-fleet", "ws", "socket.io"];

export type CpuRow = { subject: SubjectName; rate: number; rounds: { cpu: number; mainThread: number }[] };

/** CPU per report at each steady rate: each subject in turn, as many rounds as asked, each in fresh processes. */
export async function cpuPerReport(
  rates: readonly number[],
  seconds: number,
  rounds: number,
  progress: Progress,
): Promise<CpuRow[]> {
  const rows: CpuRow[] = rates.flatMap((rate) => subjects.map((subject) => ({ subject, rate, rounds: [] })));
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of subjects) {
      await using subject = await startSubject(name);
      await subject.connect(vanCount, dashboardCount);
      for (const row of rows.filter((other) => other.subject === name)) {
        await subject.measure(row.rate, 2);
        const measured = await subject.measure(row.rate, seconds);
        row.rounds.push({
          cpu: measured.cpuMicrosecondsPerReport,
          mainThread: measured.mainThreadMicrosecondsPerReport,
        });
        progress(
          `round ${round} · ${name} · ${row.rate}/s: ${measured.cpuMicrosecondsPerReport.toFixed(1)} µs a report`,
        );
      }
    }
  }
  return rows;
}

export type IdleRow = { connections: number; rssBytes: number; heapBytes: number };

/** Memory of one idle dashboard connection, after garbage collection. */
export async function memoryPerIdleConnection(connections: number, progress: Progress): Promise<IdleRow> {
  await using subject = await startSubject("dsp-fleet");
  await subject.connect(0, 200);
  const before = await subject.usage("memory");
  await subject.connect(0, connections);
  const after = await subject.usage("memory");
  const row = {
    connections,
    rssBytes: (after.rssBytes - before.rssBytes) / connections,
    heapBytes: (after.heapBytes - before.heapBytes) / connections,
  };
  progress(`${connections} idle connections: ${(row.rssBytes / 1024).toFixed(1)} KB each`);
  return row;
}

export type LatencyRow = { maximum: number; rate: number; p50: number; p99: number };

/** The highest rate that is still answered in time, and the time from report to dashboard at half of it. */
export async function latencyAtHalf(
  steps: readonly number[],
  seconds: number,
  progress: Progress,
): Promise<LatencyRow> {
  await using subject = await startSubject("dsp-fleet");
  await subject.connect(vanCount, dashboardCount);
  await subject.measure(steps[0] ?? 1_000, 2);
  let maximum = 0;
  for (const rate of steps) {
    const measured = await subject.measure(rate, 4);
    const p99 = quantile(measured.latenciesMs, 0.99);
    progress(`${rate} reports a second: p99 ${p99.toFixed(0)} ms${measured.behind ? ", falling behind" : ""}`);
    if (measured.behind || p99 > 1_000) break;
    maximum = rate;
  }
  const rate = Math.round(maximum / 2);
  const { latenciesMs } = await subject.measure(rate, seconds);
  const row = { maximum, rate, p50: median(latenciesMs), p99: quantile(latenciesMs, 0.99) };
  progress(`at ${rate} a second: p50 ${row.p50.toFixed(1)} ms, p99 ${row.p99.toFixed(1)} ms`);
  return row;
}

/** Milliseconds that the main thread spends to have 1,000 samples written, in batches as the journal makes them. */
export async function mainThreadPerThousandSamples(batchSize: number, progress: Progress): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "dsp-fleet-storage-"));
  const database = await openSqlite({ file: join(folder, "bench.sqlite"), logger: console });
  const devices = 500;
  await database.transaction(async (tx) => {
    const account = {
      name: "Bench",
      country: "ES",
      timezone: "Europe/Madrid",
      speed_unit: "kmh",
      periodic_airplane_mode_off: 0,
      devices_see_peers: 1,
      retention_days: 60,
      created_at: 0,
    } as const;
    await tx.insertInto("accounts").values(account).execute();
    for (let device = 0; device < devices; device += 1) {
      await tx
        .insertInto("devices")
        .values({ account_id: 1, name: `Van ${device}`, bound_at: 0 })
        .execute();
    }
  });
  const costs: number[] = [];
  let at = 1_700_000_000_000;
  for (let round = 0; round < 60; round += 1) {
    at += 1_000;
    const samples = Array.from({ length: batchSize }, (_, index) => ({
      deviceId: (index % devices) + 1,
      accountId: 1,
      atMs: at + Math.floor(index / devices),
      lat: 41.38 + index / 1e5,
      lon: 2.17,
      accuracyMeters: 5,
      speedMps: 8,
      headingDegrees: 90,
      altitudeMeters: null,
      batteryPercent: 61,
      receivedMs: at,
      source: "live" as const,
    }));
    const states = samples.slice(0, devices).map((sample) => ({
      deviceId: sample.deviceId,
      lastLat: sample.lat,
      lastLon: sample.lon,
      lastLocationMs: sample.atMs,
      batteryPercent: 61,
      appVersion: "1.0",
      appLanguage: "en",
      appInfoMs: at,
    }));
    const before = process.threadCpuUsage();
    await database.writeLocations({ samples, devices: states });
    const used = process.threadCpuUsage(before);
    if (round >= 10) costs.push((used.user + used.system) / 1_000 / (batchSize / 1_000));
  }
  await database.close();
  rmSync(folder, { recursive: true });
  const cost = median(costs);
  progress(`storage: ${cost.toFixed(2)} ms of the main thread per 1,000 samples in batches of ${batchSize}`);
  return cost;
}
