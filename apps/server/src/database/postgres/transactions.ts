import type { Kysely, Transaction } from "kysely";
import { ConstraintError } from "../errors.ts";
import type { Gate } from "../gate.ts";
import type { Tables } from "../schema.ts";
import { TransactionConflict } from "./failures.ts";

/** Those that met another come in one at a time, so two do not undo each other for ever; ten is more than was ever needed. */
const maxAttempts = 10;

/** Runs `work` as if it were alone. What met another transaction runs again, behind others of the kind at `again`. */
export async function serialized<T>(
  queries: Kysely<Tables>,
  again: Gate,
  work: (tx: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  const run = () => queries.transaction().execute(work);
  let brokeRule = false;
  const mayRunAgain = (error: unknown): boolean => {
    if (error instanceof TransactionConflict) return true;
    // Of two that look first and then insert the same key, the later one may hear of the key instead of the conflict.
    if (!(error instanceof ConstraintError) || error.kind !== "unique" || brokeRule) return false;
    brokeRule = true;
    return true;
  };
  try {
    return await run();
  } catch (error) {
    if (!mayRunAgain(error)) throw error;
  }
  const leave = await again.enter();
  try {
    for (let attempt = 2; ; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        if (attempt === maxAttempts || !mayRunAgain(error)) throw error;
      }
    }
  } finally {
    leave();
  }
}
