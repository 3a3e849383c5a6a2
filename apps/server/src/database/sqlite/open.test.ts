import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DatabaseOpenError, DatabaseUnavailableError } from "../errors.ts";
import { type Migration, migrations } from "../migrations/migrate.ts";
import { aDevice, aFix, anAccount, silent, timesOf } from "../testing.ts";
import { startWriter } from "./crash-writer.ts";
import { openSqlite } from "./open.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fleet-database-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const open = (file: string, steps?: readonly Migration[]) =>
  openSqlite({ file, logger: silent, ...(steps === undefined ? {} : { migrations: steps }) });

async function refusal(file: string): Promise<DatabaseOpenError> {
  const error: unknown = await open(file).then(
    (database) => database.close(),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseOpenError)) throw new Error(`expected a refusal, not ${String(error)}`);
  return error;
}

/** A database with enough rows that its pages lie all over the file. */
async function aFilledDatabase(file: string): Promise<void> {
  await using database = await open(file);
  const accountId = await anAccount(database);
  const deviceId = await aDevice(database, accountId);
  const samples = Array.from({ length: 3_000 }, (_, atMs) => aFix({ deviceId, accountId, atMs }));
  await database.writeLocations({ samples, devices: [] });
}

describe("opening", () => {
  test("makes the folder, keeps what was written, and syncs every commit", async () => {
    const file = join(folder, "new", "deep", "fleet.db");
    await aFilledDatabase(file);
    await using database = await open(file);
    expect(await timesOf(database, 1)).toHaveLength(3_000);
    const setting = async (name: string) =>
      Object.values((await sql`pragma ${sql.raw(name)}`.execute(database.queries)).rows[0] ?? {})[0];
    expect(await setting("journal_mode")).toBe("wal");
    expect(await setting("synchronous")).toBe(2);
    expect(await setting("foreign_keys")).toBe(1);
  });

  test("refuses a folder that cannot be made", async () => {
    writeFileSync(join(folder, "taken"), "");
    const error = await refusal(join(folder, "taken", "fleet.db"));
    expect(error).toMatchObject({ problem: "not-writable", message: expect.stringContaining(join(folder, "taken")) });
  });

  test("refuses a file that is no database, and leaves it as it is", async () => {
    const file = join(folder, "fleet.db");
    writeFileSync(file, "dear diary, today nothing happened\n".repeat(1_000));
    const before = readFileSync(file);
    const error = await refusal(file);
    expect(error).toMatchObject({ problem: "damaged", message: expect.stringMatching(/fleet\.db .*restore a backup/) });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test.each(["overwritten in the middle", "cut off"])(
    "refuses a database that was %s, and leaves it and its log as they are",
    async (how) => {
      const live = join(folder, "live.db");
      const file = join(folder, "copy.db");
      await aFilledDatabase(live);
      const running = await open(live);
      await anAccount(running, "only in the log yet");
      cpSync(live, file);
      cpSync(`${live}-wal`, `${file}-wal`);
      await running.close();
      const bytes = readFileSync(file);
      if (how === "cut off") truncateSync(file, Math.floor(bytes.length / 8_192) * 4_096 + 100);
      else writeFileSync(file, bytes.fill(0xa5, 60_000, 120_000));
      const before = [readFileSync(file), readFileSync(`${file}-wal`)] as const;
      expect(before[1].length).toBeGreaterThan(0);
      expect(await refusal(file)).toMatchObject({ problem: "damaged" });
      expect(readFileSync(file).equals(before[0])).toBe(true);
      expect(readFileSync(`${file}-wal`).equals(before[1])).toBe(true);
    },
  );

  test("refuses another program's database, and leaves it as it is", async () => {
    const file = join(folder, "fleet.db");
    {
      using other = new DatabaseSync(file);
      other.exec("create table recipes (name text)");
    }
    const before = readFileSync(file);
    expect(await refusal(file)).toMatchObject({
      problem: "foreign",
      message: expect.stringMatching(/fleet\.db .*"recipes"/),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test("refuses a database of a newer version", async () => {
    const file = join(folder, "fleet.db");
    const later: Migration = {
      version: migrations.length + 1,
      name: "later",
      up: async (db, kind) => db.schema.createTable("later").addColumn("at", kind.time).execute(),
    };
    await (await open(file, [...migrations, later])).close();
    expect(await refusal(file)).toMatchObject({ problem: "newer", message: expect.stringContaining('"later"') });
  });

  test("takes an older database forward, and a step that fails leaves no trace", async () => {
    const file = join(folder, "fleet.db");
    await aFilledDatabase(file);
    const failing: Migration = {
      version: migrations.length + 1,
      name: "failing",
      async up(db, kind) {
        await db.schema.createTable("half").addColumn("at", kind.time).execute();
        throw new Error("half way");
      },
    };
    await expect(open(file, [...migrations, failing])).rejects.toThrow("half way");
    await using database = await open(file);
    const tables = await sql<{ name: string }>`select name from sqlite_schema`.execute(database.queries);
    expect(tables.rows.map((row) => row.name)).not.toContain("half");
    expect(await timesOf(database, 1)).toHaveLength(3_000);
  });

  test("refuses a file that another server has, in this process or in another", async () => {
    const file = join(folder, "fleet.db");
    {
      await using first = await open(file);
      expect(await refusal(file)).toMatchObject({ problem: "in-use" });
      const second = startWriter(file);
      expect(await second.complaints).toContain("in use by another running server");
      expect(first.state).toBe("ready");
      await anAccount(first);
    }
    await (await open(file)).close();
  }, 20_000);

  test("opens at once after the other server was killed", async () => {
    const file = join(folder, "fleet.db");
    const other = startWriter(file);
    await other.firstWrite;
    other.kill();
    await other.ended;
    await using database = await open(file);
    expect(database.state).toBe("ready");
  }, 20_000);
});

describe("a full disk", () => {
  test("fails the write, not the server, and writing works again when there is room", async () => {
    await using database = await open(join(folder, "fleet.db"));
    const accountId = await anAccount(database);
    const deviceId = await aDevice(database, accountId);
    const many = (from: number) => ({
      samples: Array.from({ length: 4_000 }, (_, i) => aFix({ deviceId, accountId, atMs: from + i })),
      devices: [],
    });
    await sql`pragma max_page_count = 40`.execute(database.queries);
    await expect(database.writeLocations(many(0))).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(database.state).toBe("unavailable");
    expect(await timesOf(database, deviceId)).toEqual([]);
    await sql`pragma max_page_count = 100000`.execute(database.queries);
    expect((await database.writeLocations(many(0))).fresh.every(Boolean)).toBe(true);
    await vi.waitFor(() => expect(database.state).toBe("ready"), { timeout: 5_000 });
  });
});
