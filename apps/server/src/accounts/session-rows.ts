import type { Queries } from "../database/queries.ts";

/** A user's sessions, all or all but one. */
export type SessionsOf = { accountId: number; userId: number; exceptSessionId?: string };

/** Ends them in the transaction of the change that is the reason; answers which were open. */
export async function endSessionsOf(
  tx: Queries,
  { accountId, userId, exceptSessionId }: SessionsOf,
  { reason, at }: { reason: string; at: number },
): Promise<string[]> {
  let ending = tx
    .updateTable("sessions")
    .set({ ended_at: at, end_reason: reason })
    .where("account_id", "=", accountId)
    .where("user_id", "=", userId)
    .where("ended_at", "is", null);
  if (exceptSessionId !== undefined) ending = ending.where("id", "!=", exceptSessionId);
  const rows = await ending.returning("id").execute();
  return rows.map((row) => row.id);
}

/** True when this call ended it. */
export async function endSession(tx: Queries, sessionId: string, reason: string, at: number): Promise<boolean> {
  const ended = await tx
    .updateTable("sessions")
    .set({ ended_at: at, end_reason: reason })
    .where("id", "=", sessionId)
    .where("ended_at", "is", null)
    .returning("id")
    .executeTakeFirst();
  return ended !== undefined;
}

/** Sessions that ended after this moment; tokens of them may still be out. */
export function recentlyEnded(queries: Queries, after: number): Promise<{ sessionId: string; endedAt: number }[]> {
  return queries
    .selectFrom("sessions")
    .select(["id as sessionId", (eb) => eb.fn.coalesce("ended_at", eb.val(0)).as("endedAt")])
    .where("ended_at", ">", after)
    .orderBy("ended_at")
    .execute();
}
