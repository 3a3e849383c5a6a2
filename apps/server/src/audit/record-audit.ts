import type { Queries } from "../database/queries.ts";

export type AuditEntry = {
  accountId: number;
  /** `user:12`, `device:3`. */
  actor: string;
  /** `device.bound`, `device.renamed`. */
  action: string;
  entity: string;
  entityId: number | string;
  at: number;
  detail?: Readonly<Record<string, unknown>>;
};

/** Leaves a row of who changed what, in the transaction of the change. Positions and secrets never go in. */
export const recordAudit = (tx: Queries, entry: AuditEntry): Promise<void> => recordAudits(tx, [entry]);

/** The same of several changes that are made together, a thousand at most. */
export async function recordAudits(tx: Queries, entries: readonly AuditEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    account_id: entry.accountId,
    actor: entry.actor,
    action: entry.action,
    entity: entry.entity,
    entity_id: String(entry.entityId),
    at: entry.at,
    detail: JSON.stringify(entry.detail ?? {}),
  }));
  if (rows.length > 0) await tx.insertInto("audit").values(rows).execute();
}
