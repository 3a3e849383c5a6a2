import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silent, timesOf } from "../testing.ts";
import { startWriter } from "./crash-writer.ts";
import { openSqlite } from "./open.ts";

const cycles = 20;

test("whatever was acknowledged before kill -9 is there, whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fleet-crash-"));
  const file = join(folder, "fleet.db");
  let acknowledged = 0;
  for (let cycle = 0; cycle < cycles; cycle++) {
    const writer = startWriter(file);
    await writer.firstWrite;
    // Spread over the moments of a write, without chance.
    await new Promise((resolve) => setTimeout(resolve, (cycle * 7) % 60));
    writer.kill();
    const said = (await writer.ended).split("\n").slice(0, -1);
    const writes = said.map((line) => line.split(" ").map(Number));

    await using database = await openSqlite({ file, logger: silent });
    const kept = new Map<number, Set<number>>();
    for (const [deviceId = 0, atMs = 0] of writes) {
      const times = kept.get(deviceId) ?? new Set(await timesOf(database, deviceId));
      kept.set(deviceId, times);
      expect([times.has(atMs), times.has(atMs + 1), times.has(atMs + 2)]).toEqual([true, true, true]);
      acknowledged++;
    }
    const audits = await database.queries
      .selectFrom("audit")
      .select((audit) => ["entity_id", "at", audit.fn.countAll<number>().as("rows")])
      .groupBy(["entity_id", "at"])
      .execute();
    expect(audits.filter((audit) => audit.rows !== 2)).toEqual([]);
    const told = new Set(audits.map((audit) => `${audit.entity_id} ${audit.at}`));
    expect(said.filter((line) => !told.has(line))).toEqual([]);
  }
  expect(acknowledged).toBeGreaterThan(cycles);
  rmSync(folder, { recursive: true });
}, 120_000);
