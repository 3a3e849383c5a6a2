import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SqlValue } from "../sql-value.ts";
import type { QueryResult } from "./protocol.ts";

/** Distinct statements of the program, lists of different length among them; each holds some ten KB. */
const maxKept = 300;

type Kept = { readonly statement: StatementSync; readonly reads: boolean };

/** Runs SQL with statements kept prepared, the longest unused one forgotten first. */
export function keptStatements(db: DatabaseSync) {
  const kept = new Map<string, Kept>();

  function prepared(sql: string): Kept {
    const known = kept.get(sql);
    if (known !== undefined) {
      kept.delete(sql);
      kept.set(sql, known);
      return known;
    }
    const statement = db.prepare(sql);
    const made: Kept = { statement, reads: statement.columns().length > 0 };
    kept.set(sql, made);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return made;
  }

  return {
    run(sql: string, parameters: readonly SqlValue[]): QueryResult {
      const { statement, reads } = prepared(sql);
      if (reads) return { rows: statement.all(...parameters), changes: null };
      return { rows: [], changes: Number(statement.run(...parameters).changes) };
    },
  };
}
