import { ConstraintError, type ConstraintKind, DatabaseUnavailableError } from "../errors.ts";
import type { Failure } from "./protocol.ts";

/** Primary result codes, https://sqlite.org/rescode.html */
export const sqlite = {
  perm: 3,
  busy: 5,
  nomem: 7,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  constraint: 19,
  notadb: 26,
} as const;

/** Extended codes hold the primary one in their low byte. */
export const primaryCode = (code: number): number => code & 0xff;

const constraintKinds: Readonly<Record<number, ConstraintKind>> = {
  275: "check",
  787: "foreign-key",
  1299: "not-null",
  1555: "unique",
  2067: "unique",
};

const unavailable: Readonly<Record<number, string>> = {
  [sqlite.busy]: "the database file is locked by another program",
  [sqlite.nomem]: "out of memory",
  [sqlite.readonly]: "the database file cannot be written",
  [sqlite.ioerr]: "the disk reported an error",
  [sqlite.corrupt]: "the database file is damaged; put it aside and restore a backup",
  [sqlite.full]: "the disk is full",
  [sqlite.cantopen]: "a file of the database cannot be opened",
  [sqlite.notadb]: "the database file is damaged; put it aside and restore a backup",
};

/** "UNIQUE constraint failed: devices.account_id, devices.identifier" → table and columns. */
function brokenRule(code: number, message: string): ConstraintError {
  const names = /constraint failed: (.+)$/.exec(message)?.[1]?.split(", ") ?? [];
  const pairs = names.map((name) => name.split("."));
  const named = pairs.every((pair) => pair.length === 2);
  return new ConstraintError(
    {
      kind: constraintKinds[code] ?? "other",
      table: named ? (pairs[0]?.[0] ?? null) : null,
      columns: named ? pairs.map((pair) => pair[1] ?? "") : [],
    },
    { cause: new Error(message) },
  );
}

/** The error a caller sees for the worker's failure: a broken rule, an unavailable database, or a plain Error for a wrong statement. */
export function errorFrom({ sqliteCode, message }: Failure): Error {
  if (sqliteCode === null) return new Error(message);
  const primary = primaryCode(sqliteCode);
  if (primary === sqlite.constraint) return brokenRule(sqliteCode, message);
  const words = unavailable[primary];
  const cause = new Error(`SQLite ${sqliteCode}: ${message}`);
  return words === undefined ? cause : new DatabaseUnavailableError(`database: ${words}`, { cause });
}

/** Reads an error that node:sqlite threw. */
export function failureFrom(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === "object" && error !== null && "errcode" in error ? error.errcode : null;
  return { sqliteCode: typeof code === "number" ? code : null, message };
}
