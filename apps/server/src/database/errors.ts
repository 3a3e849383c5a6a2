/** The database cannot do this now (full disk, stopped worker, closing); the same call may work later. Nothing of it is known to be kept. */
export class DatabaseUnavailableError extends Error {
  readonly code = "database-unavailable";
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DatabaseUnavailableError";
  }
}

/** Too many calls wait, or this one has waited, or held a transaction, longer than its limit. Nothing of it is kept. */
export class DatabaseBusyError extends Error {
  readonly code = "database-busy";
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DatabaseBusyError";
  }
}

export type ConstraintKind = "unique" | "foreign-key" | "check" | "not-null" | "other";

/** A row broke a rule of its table. `columns` are those of the broken rule, in its order, empty where the database does not say. */
export class ConstraintError extends Error {
  readonly code = "database-constraint";
  readonly kind: ConstraintKind;
  readonly table: string | null;
  readonly columns: readonly string[];
  constructor(
    rule: { kind: ConstraintKind; table: string | null; columns: readonly string[] },
    options?: ErrorOptions,
  ) {
    super(`${rule.kind} rule broken: ${rule.table ?? "?"}(${rule.columns.join(", ")})`, options);
    this.name = "ConstraintError";
    this.kind = rule.kind;
    this.table = rule.table;
    this.columns = rule.columns;
  }
}

/** Why a database could not be opened:
 *  not-writable: the folder or file; damaged: not a database, or a broken one; in-use: another server has it;
 *  newer: made by a later version of this program; foreign: a database of some other program; unreachable: no server
 *  answers, or it turns us away; unsuitable: a server that would lose what it said yes to, or is too old; failed: anything else. */
export type OpenProblem =
  | "not-writable"
  | "damaged"
  | "in-use"
  | "newer"
  | "foreign"
  | "unreachable"
  | "unsuitable"
  | "failed";

/** Opening failed; nothing was changed. The message names the file or server and says what to do. */
export class DatabaseOpenError extends Error {
  readonly code = "database-open";
  readonly problem: OpenProblem;
  constructor(problem: OpenProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DatabaseOpenError";
    this.problem = problem;
  }
}
