import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DatabaseOpenError } from "../errors.ts";
import { failureFrom, primaryCode, sqlite } from "./failures.ts";

/** An old server that was told to stop may still hold the file for a moment. */
const lockWaitMs = 2_000;
/** For a program that reads the file beside us (a backup) and briefly holds it. */
const busyTimeoutMs = 2_000;
/** Up to this size the whole file is checked at start (about half a second); a larger one without its positions. */
const wholeCheckBytes = 128 * 1024 * 1024;
/** 16 MB of log before it is folded into the file: fewer, larger writes; a few hundred ms to read again after a crash. */
const walPages = 4_000;
/** Pages kept in memory, in KiB. */
const cacheKiB = 64 * 1024;
const sqliteHeader = "SQLite format 3\0";

export type OpenFile = { readonly db: DatabaseSync; close(): void };

const damaged = (file: string, what: string, cause?: unknown) =>
  new DatabaseOpenError(
    "damaged",
    `${file} ${what}. Nothing was changed. Put this file aside, together with ${basename(file)}-wal and ${basename(file)}-shm, and restore a backup in its place; without one the server starts empty.`,
    { cause },
  );

const notWritable = (path: string, cause: unknown) =>
  new DatabaseOpenError(
    "not-writable",
    `${path} cannot be written (${cause instanceof Error ? cause.message : String(cause)}). Give the server's user the right to write there, or set DATA_DIR to a folder where it has it.`,
    { cause },
  );

function openError(file: string, error: unknown): DatabaseOpenError {
  const { sqliteCode, message } = failureFrom(error);
  switch (sqliteCode === null ? null : primaryCode(sqliteCode)) {
    case sqlite.corrupt:
    case sqlite.notadb:
      return damaged(file, `is damaged (${message})`, error);
    case sqlite.cantopen:
    case sqlite.perm:
    case sqlite.readonly:
      return notWritable(file, error);
    case sqlite.full:
      return new DatabaseOpenError("failed", `${file} cannot be opened: the disk is full. Make room and start again.`, {
        cause: error,
      });
    default:
      return new DatabaseOpenError("failed", `${file} cannot be opened: ${message}`, { cause: error });
  }
}

function makeFolder(file: string): string {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // One file reached by two paths must meet one lock.
    return join(realpathSync(folder), basename(file));
  } catch (error) {
    throw notWritable(folder, error);
  }
}

/** Holds an operating-system lock on a file of its own: gone with the process however it ends, and the database stays readable to others. */
function lockOut(file: string): DatabaseSync {
  const lockFile = `${file}.lock`;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockFile, { timeout: lockWaitMs });
    lock.exec("pragma journal_mode = memory; begin exclusive");
    return lock;
  } catch (error) {
    lock?.close();
    const code = failureFrom(error).sqliteCode;
    if (code !== null && primaryCode(code) === sqlite.busy)
      throw new DatabaseOpenError(
        "in-use",
        `${file} is in use by another running server. Stop that one first, or set DATA_DIR to another folder.`,
        { cause: error },
      );
    if (code !== null && primaryCode(code) === sqlite.notadb)
      throw damaged(file, `cannot be locked: ${lockFile} is not the server's own lock file`, error);
    throw notWritable(lockFile, error);
  }
}

function hasSqliteHeader(file: string): boolean {
  const head = Buffer.alloc(sqliteHeader.length);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, head, 0, head.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return head.toString("latin1") === sqliteHeader;
}

/** Throws where the tables are damaged, or not ours. */
function checkTables(db: DatabaseSync, file: string, size: number): void {
  const tables = db
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .all()
    .map((row) => String(row["name"]));
  if (tables.length > 0 && !tables.includes("schema_migrations"))
    throw new DatabaseOpenError(
      "foreign",
      `${file} is a database of another program (it has a table "${tables[0]}"). Nothing was changed. Set DATA_DIR to another folder, or put that file aside.`,
    );
  const checks =
    size <= wholeCheckBytes
      ? ["pragma quick_check(1)"]
      : tables
          .filter((name) => name !== "location_samples")
          .map((name) => `pragma quick_check("${name.replaceAll('"', '""')}")`);
  for (const check of checks) {
    const [found] = db.prepare(check).all();
    if (found?.["quick_check"] !== "ok") throw damaged(file, `is damaged (${String(found?.["quick_check"])})`);
  }
}

/** Reads only, through a connection that cannot write: a damaged file stays as it is for whoever repairs it. */
function checkContent(file: string, size: number): void {
  try {
    using db = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
    checkTables(db, file, size);
  } catch (error) {
    if (error instanceof DatabaseOpenError) throw error;
    throw openError(file, error);
  }
}

function checkExisting(file: string): void {
  let size = 0;
  try {
    size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    // SQLite would open a protected file for reading alone, and fail much later, when the log is folded into it.
    for (const part of [file, `${file}-wal`]) if (existsSync(part)) accessSync(part, constants.R_OK | constants.W_OK);
    if (size === 0) return;
    if (!hasSqliteHeader(file)) throw damaged(file, "is not a database");
  } catch (error) {
    throw error instanceof DatabaseOpenError ? error : notWritable(file, error);
  }
  checkContent(file, size);
}

function connect(file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { timeout: busyTimeoutMs });
    const mode = db.prepare("pragma journal_mode = wal").get()?.["journal_mode"];
    if (mode !== (file === ":memory:" ? "memory" : "wal"))
      throw new Error(`the file system allows no write-ahead log (mode ${String(mode)})`);
    db.exec(`
      pragma synchronous = full;
      pragma foreign_keys = on;
      pragma temp_store = memory;
      pragma trusted_schema = off;
      pragma cache_size = -${cacheKiB};
      pragma wal_autocheckpoint = ${walPages};
      pragma journal_size_limit = ${walPages * 4096 * 2};
      begin immediate; rollback;
    `);
    return db;
  } catch (error) {
    db?.close();
    throw openError(file, error);
  }
}

/** Opens `file` (or ":memory:") for this process alone. Throws DatabaseOpenError and has changed nothing then. */
export function openFile(path: string): OpenFile {
  const inMemory = path === ":memory:";
  const file = inMemory ? path : makeFolder(path);
  const lock = inMemory ? null : lockOut(file);
  try {
    if (!inMemory) checkExisting(file);
    const db = connect(file);
    return {
      db,
      close() {
        db.close();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}
