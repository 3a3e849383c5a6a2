import type { Kysely, Transaction } from "kysely";
import { ConstraintError } from "../errors.ts";
import type { Tables } from "../schema.ts";
import { TransactionConflict } from "./failures.ts";
import type { SharedGate } from "./shared-gate.ts";

/** From the second on alone in this process, where only single statements and other nodes can still come in between. */
const maxAttempts = 10;

/** Runs `work` as if it were alone: with others at first, and again, alone, when it met one of them. */
export async function serialized<T>(
  queries: Kysely<Tables>,
  gate: SharedGate,
  work: (tx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  let brokeRule = false;
  const mayRunAgain = (error: unknown): boolean => {
    if (error instanceof TransactionConflict) return true;
    // Of two that look first and then insert the same key, the later one may hear of the key instead of the conflict.
    if (!(error instanceof ConstraintError) || error.kind !== "unique" || brokeRule) return false;
    brokeRule = true;
    return true;
  };
  for (let attempt = 1; ; attempt += 1) {
    const leave = await gate.enter(attempt === 1 ? "together" : "alone");
    try {
      return await queries.transaction().execute(work);
    } catch (error) {
      if (attempt === maxAttempts || !mayRunAgain(error)) throw error;
    } finally {
      leave();
    }
  }
}
