// What the main thread and the database worker say to each other. The worker answers every request once, in order.

import type { OpenProblem } from "../errors.ts";
import type { LocationColumns } from "../location-columns.ts";
import type { SqlValue } from "../sql-value.ts";

export type Request =
  | { readonly kind: "query"; readonly sql: string; readonly parameters: readonly SqlValue[] }
  | { readonly kind: "begin" | "commit" | "rollback" | "checkpoint" | "probe" | "close" }
  | { readonly kind: "locations"; readonly columns: LocationColumns };

export type QueryResult = { readonly rows: Record<string, unknown>[]; readonly changes: number | null };

/** SQLite's (extended) result code and words, or our own words with code null. */
export type Failure = { readonly sqliteCode: number | null; readonly message: string };

export type Reply = { readonly id: number } & (
  | { readonly kind: "rows"; readonly rows: Record<string, unknown>[] }
  | { readonly kind: "changes"; readonly changes: number }
  | { readonly kind: "fresh"; readonly fresh: Uint8Array<ArrayBuffer> }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failure: Failure }
);

/** The worker's first word. */
export type Opening =
  | { readonly kind: "opened" }
  | { readonly kind: "not-opened"; readonly problem: OpenProblem; readonly message: string };

export type WorkerData = { readonly file: string };
