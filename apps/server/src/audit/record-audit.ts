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
export async function recordAudit(tx: Queries, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto("audit")
    .values({
      account_id: entry.accountId,
      actor: entry.actor,
      action: entry.action,
      entity: entry.entity,
      entity_id: String(entry.entityId),
      at: entry.at,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}
