import { DatabaseError, type PoolClient } from "pg";
import { DatabaseBusyError } from "../errors.ts";
import type { SqlValue } from "../sql-value.ts";
import type { Connections } from "./connections.ts";
import { type ColumnsOf, errorFrom, TransactionConflict } from "./failures.ts";
import type { PostgresLimits } from "./limits.ts";
import type { Watch } from "./watch.ts";

/** Whose rows a statement may see, and how long it and its transaction may take; 0: as long as it takes. */
export type Scope = {
  readonly account: number | "all";
  readonly statementMs: number;
  readonly transactionMs: number;
};

export type Answered = { readonly rows: Record<string, unknown>[]; readonly command: string; readonly count: number };

/** serializable: as if alone. read-committed: for statements that are right whatever others do meanwhile. */
export type Isolation = "serializable" | "read committed";

/** One caller's time on a connection. plain ──begin──▶ transaction ──end, too long──▶ plain, overdue; release ends all. */
export type Lease = {
  run(sql: string, parameters: readonly SqlValue[]): Promise<Answered>;
  begin(isolation: Isolation): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  release(): Promise<void>;
};

export type Leases = { take(scope: Scope): Promise<Lease> };

/** Lends the pool's connections, each set for its scope. */
export function createLeases(
  { pool }: Connections,
  watch: Watch,
  options: { readonly role: string | null; readonly limits: PostgresLimits; readonly columnsOf: ColumnsOf },
): Leases {
  const { role, limits, columnsOf } = options;
  /** What a connection is set for now. */
  const settings = new WeakMap<PoolClient, string>();

  async function ask(client: PoolClient, sql: string, parameters: readonly SqlValue[] = []): Promise<Answered> {
    const slow = setTimeout(() => watch.doubt(), limits.suspiciousMs);
    try {
      const result = await client.query<Record<string, unknown>>({ text: sql, values: [...parameters] });
      return { rows: result.rows, command: result.command, count: result.rowCount ?? 0 };
    } finally {
      clearTimeout(slow);
    }
  }

  async function setFor(client: PoolClient, { account, statementMs }: Scope): Promise<void> {
    const wanted = `${account} ${statementMs}`;
    const known = settings.get(client);
    if (known === wanted) return;
    if (known === undefined && role !== null) await ask(client, `set role "${role}"`);
    await ask(client, "select set_config('dsp.account', $1, false), set_config('statement_timeout', $2, false)", [
      String(account),
      String(statementMs),
    ]);
    settings.set(client, wanted);
  }

  function lend(client: PoolClient, scope: Scope): Lease {
    let state: "plain" | "transaction" | "overdue" | "released" = "plain";
    let timer: NodeJS.Timeout | undefined;
    /** The connection is of no use any more. */
    let broken: Error | null = null;
    let conflict: TransactionConflict | null = null;
    client.on("error", note);

    function note(error: Error): void {
      broken = error;
    }
    const tooLong = () =>
      new DatabaseBusyError(`the transaction took longer than ${scope.transactionMs} ms and was rolled back`);

    async function said(sql: string, parameters?: readonly SqlValue[]): Promise<Answered> {
      try {
        return await ask(client, sql, parameters);
      } catch (thrown) {
        const error = errorFrom(thrown, columnsOf);
        if (!(thrown instanceof DatabaseError) && !(error instanceof TypeError)) note(error);
        if (error instanceof TransactionConflict) conflict = error;
        watch.failed(error);
        throw error;
      }
    }

    function giveBack(): void {
      client.off("error", note);
      client.release(broken ?? undefined);
    }

    async function expire(): Promise<void> {
      state = "overdue";
      await said("rollback").catch(note);
      giveBack();
    }

    return {
      async run(sql, parameters) {
        if (state === "overdue") throw tooLong();
        if (state === "released") throw new Error("the transaction of this query has ended");
        return said(sql, parameters);
      },
      async begin(isolation) {
        await said(`begin isolation level ${isolation}`);
        state = "transaction";
        if (scope.transactionMs > 0) timer = setTimeout(() => void expire(), scope.transactionMs);
      },
      async commit() {
        clearTimeout(timer);
        if (state === "overdue") throw tooLong();
        state = "plain";
        const { command } = await said("commit");
        if (command !== "COMMIT") throw conflict ?? new Error("the transaction has failed; it was rolled back");
      },
      async rollback() {
        clearTimeout(timer);
        if (state !== "transaction") return;
        state = "plain";
        if (broken === null) await said("rollback");
      },
      async release() {
        if (state === "released" || state === "overdue") return;
        const open = state === "transaction";
        clearTimeout(timer);
        state = "released";
        if (open && broken === null) await said("rollback").catch(note);
        giveBack();
      },
    };
  }

  return {
    async take(scope) {
      watch.admit();
      if (pool.waitingCount >= limits.maxWaiting)
        throw new DatabaseBusyError(`${limits.maxWaiting} calls wait for the database already`);
      let client: PoolClient;
      try {
        client = await pool.connect();
      } catch (thrown) {
        const error = errorFrom(thrown);
        watch.failed(error);
        throw error;
      }
      try {
        await setFor(client, scope);
        return lend(client, scope);
      } catch (thrown) {
        const error = errorFrom(thrown);
        client.release(error);
        watch.failed(error);
        throw error;
      }
    },
  };
}
