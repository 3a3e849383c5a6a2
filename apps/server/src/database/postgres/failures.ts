import { DatabaseError } from "pg";
import { ConstraintError, type ConstraintKind, DatabaseBusyError, DatabaseUnavailableError } from "../errors.ts";

/** The transaction met another one: run again, it may work. */
export class TransactionConflict extends DatabaseBusyError {}

/** No server at the other end any more. */
export class ConnectionLost extends DatabaseUnavailableError {}

/** https://www.postgresql.org/docs/15/errcodes-appendix.html; a class of two letters stands for all of its codes. */
const constraintKinds: Readonly<Record<string, ConstraintKind>> = {
  "23505": "unique",
  "23503": "foreign-key",
  "23514": "check",
  "23502": "not-null",
  // A value that its column cannot hold; a row that row-level security refuses.
  "22": "other",
  "23": "other",
  "42501": "other",
};

const unavailable: Readonly<Record<string, string>> = {
  "25006": "the server takes no writes (a standby?)",
  "53100": "the server's disk is full",
  "53200": "the server is out of memory",
  "58": "the server's disk reported an error",
  XX001: "the database is damaged; restore a backup",
  XX002: "an index of the database is damaged",
};

const busy: Readonly<Record<string, string>> = {
  "25P03": "a transaction was idle for too long and was rolled back",
  "53300": "the server has no connection left",
  "55P03": "a lock was not to be had in time",
  "57014": "a statement took too long and was ended",
};

const lost = /^(?:08|28|3D|57P)/;

const byCode = <T>(table: Readonly<Record<string, T>>, code: string): T | undefined =>
  table[code] ?? table[code.slice(0, 2)];

/** Columns of a rule by table and name: a server whose rows are walled does not tell the key that broke it. */
export type ColumnsOf = (table: string, rule: string) => readonly string[];

function brokenRule(kind: ConstraintKind, error: DatabaseError, columnsOf: ColumnsOf): ConstraintError {
  const table = error.table ?? null;
  const columns =
    error.column !== undefined ? [error.column] : table === null ? [] : columnsOf(table, error.constraint ?? "");
  // Without its detail, which may quote the row.
  return new ConstraintError(
    { kind, table, columns },
    { cause: new Error(`PostgreSQL ${error.code}: ${error.message}`) },
  );
}

/** The error a caller sees for what pg threw; an error of ours, or of wrong use, stays as it is. */
export function errorFrom(thrown: unknown, columnsOf: ColumnsOf = () => []): Error {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error instanceof DatabaseError) return fromServer(error, columnsOf);
  if (error instanceof DatabaseBusyError || error instanceof DatabaseUnavailableError) return error;
  if (error instanceof ConstraintError || error instanceof TypeError) return error;
  if (error.message === "timeout exceeded when trying to connect")
    return new DatabaseBusyError("all connections to the database are in use", { cause: error });
  const isNetwork = "syscall" in error || "errno" in error || /connect|terminat|timeout|socket/i.test(error.message);
  return isNetwork ? new ConnectionLost("database: the connection to the server is lost", { cause: error }) : error;
}

function fromServer(error: DatabaseError, columnsOf: ColumnsOf): Error {
  const code = error.code ?? "";
  const cause = new Error(`PostgreSQL ${code}: ${error.message}`);
  if (code === "40001" || code === "40P01")
    return new TransactionConflict("the transaction met another one", { cause });
  if (code === "25P02") return new Error("a statement of this transaction has failed; it can only be rolled back");
  const busyWords = byCode(busy, code);
  if (busyWords !== undefined) return new DatabaseBusyError(`database: ${busyWords}`, { cause });
  const words = byCode(unavailable, code);
  if (words !== undefined) return new DatabaseUnavailableError(`database: ${words}`, { cause });
  if (lost.test(code)) return new ConnectionLost("database: the server has ended the connection", { cause });
  const kind = byCode(constraintKinds, code);
  return kind === undefined ? cause : brokenRule(kind, error, columnsOf);
}
