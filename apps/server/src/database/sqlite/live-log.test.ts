import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toLocationColumns } from "../location-columns.ts";
import { aDatabase, aDevice, aFix, anAccount, silent, timesOf } from "../testing.ts";
import { openSqlite } from "./open.ts";
import { openFile } from "./open-file.ts";
import { createSession } from "./session.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dsp-fleet-live-log-"));
  file = join(folder, "test.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A database with one device, at work in this thread; `restart` closes its file and opens it again. */
async function aSession() {
  const database = await openSqlite({ file, logger: silent });
  const accountId = await anAccount(database);
  const deviceId = await aDevice(database, accountId);
  await database.close();
  let opened = openFile(file);
  let session = createSession(opened);
  return {
    answer: (kind: "begin" | "commit" | "rollback") => session.answer({ kind }),
    rest: () => session.rest(),
    count: (table: string) => Number(opened.db.prepare(`select count(*) n from ${table}`).get()?.["n"]),
    report(atMs: number, source: "live" | "samples" = "live") {
      const fix = aFix({ deviceId, accountId, atMs, receivedMs: atMs, source });
      session.answer({ kind: "locations", columns: toLocationColumns([{ samples: [fix], devices: [] }]) });
    },
    /** Times in the track, as somebody reads them. */
    read() {
      const sql = "select at_ms from location_samples order by at_ms";
      const answer = session.answer({ kind: "query", sql, parameters: [] });
      return answer.kind === "rows" ? answer.rows.map((row) => Number(row["at_ms"])) : [];
    },
    restart() {
      opened.close();
      opened = openFile(file);
      session = createSession(opened);
    },
    [Symbol.dispose]: () => opened.close(),
  };
}

describe("live fixes", () => {
  test("are in the track for whoever reads it, together with samples", async () => {
    await using database = await aDatabase();
    const accountId = await anAccount(database);
    const deviceId = await aDevice(database, accountId);
    const live = (atMs: number) => aFix({ deviceId, accountId, atMs, source: "live" });
    const sample = (atMs: number) => aFix({ deviceId, accountId, atMs });
    const { fresh } = await database.writeLocations({ samples: [live(3), sample(2), live(1), sample(2)], devices: [] });
    expect(fresh).toEqual([true, true, true, false]);
    expect(await timesOf(database, deviceId)).toEqual([1, 2, 3]);
    await database.writeLocations({ samples: [live(4)], devices: [] });
    const later = await database.transaction((tx) => tx.selectFrom("location_samples").select("at_ms").execute());
    expect(later.map((row) => row.at_ms)).toEqual([1, 2, 3, 4]);
  });

  test("touch one row a commit, and move into the track a minute later", async () => {
    using store = await aSession();
    for (const second of [0, 1, 30, 59]) store.report(1_000_000 + second * 1_000);
    expect(store.rest()).toBe(false);
    expect([store.count("live_log"), store.count("location_samples")]).toEqual([4, 0]);
    store.report(1_000_000 + 60_000);
    while (store.rest());
    expect([store.count("live_log"), store.count("location_samples")]).toEqual([0, 5]);
  });

  test("that were read in a transaction that is rolled back are read again", async () => {
    using store = await aSession();
    store.report(1_000);
    store.answer("begin");
    expect(store.read()).toEqual([1_000]);
    store.answer("rollback");
    expect(store.count("location_samples")).toBe(0);
    expect(store.read()).toEqual([1_000]);
  });

  test("wait for the end of a transaction of somebody else", async () => {
    using store = await aSession();
    store.report(1_000);
    store.report(100_000);
    store.answer("begin");
    expect(store.rest()).toBe(false);
    store.answer("commit");
    store.rest();
    expect(store.count("location_samples")).toBe(2);
  });

  test("are all there, once each, whatever is read, moved, rolled back and started anew in between", async () => {
    using store = await aSession();
    const step = fc.constantFrom("report", "again", "sample", "rest", "read", "undo", "restart");
    const expected = new Set<number>();
    let now = 1_000;
    const acts = {
      report() {
        now += 25_000;
        expected.add(now);
        store.report(now);
      },
      again() {
        expected.add(now);
        store.report(now);
      },
      sample() {
        now += 25_000;
        expected.add(now);
        store.report(now, "samples");
      },
      rest: () => void store.rest(),
      read: () => expect(store.read()).toEqual([...expected]),
      undo() {
        store.answer("begin");
        store.read();
        store.answer("rollback");
      },
      restart: () => store.restart(),
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        for (const what of steps) acts[what]();
        expect(store.read()).toEqual([...expected]);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});
