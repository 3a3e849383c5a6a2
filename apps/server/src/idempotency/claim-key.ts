import type { Queries } from "../database/queries.ts";
import type { IdempotencyKey } from "../http/idempotency-key.ts";

/** How long a key is remembered. */
const idempotencyLifeMs = 24 * 60 * 60_000;

export type Claim =
  /** Nobody used this key: do it, and keep `id` with what was done. */
  | { readonly kind: "first"; readonly id: number }
  /** The same request was done: answer what `id` was kept with. */
  | { readonly kind: "again"; readonly id: number }
  | { readonly kind: "other-request" };

/** What a key of the account stands for already; null when it is free. */
export async function lookUpKey(
  queries: Queries,
  accountId: number,
  { key, fingerprint }: IdempotencyKey,
  now: number,
): Promise<Exclude<Claim, { kind: "first" }> | null> {
  const known = await queries
    .selectFrom("idempotency_keys")
    .select(["id", "fingerprint"])
    .where("account_id", "=", accountId)
    .where("key", "=", key)
    .where("created_at", ">", now - idempotencyLifeMs)
    .executeTakeFirst();
  if (known === undefined) return null;
  return known.fingerprint === fingerprint ? { kind: "again", id: known.id } : { kind: "other-request" };
}

/** Takes a key of the account, in the transaction of what it stands for; of two at once, one is first. */
export async function claimKey(
  tx: Queries,
  accountId: number,
  idempotency: IdempotencyKey,
  now: number,
): Promise<Claim> {
  const { key, fingerprint } = idempotency;
  await tx
    .deleteFrom("idempotency_keys")
    .where("account_id", "=", accountId)
    .where("key", "=", key)
    .where("created_at", "<=", now - idempotencyLifeMs)
    .execute();
  const claimed = await tx
    .insertInto("idempotency_keys")
    .values({ account_id: accountId, key, fingerprint, created_at: now })
    .onConflict((conflict) => conflict.columns(["account_id", "key"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (claimed !== undefined) return { kind: "first", id: claimed.id };
  const known = await lookUpKey(tx, accountId, idempotency, now);
  if (known === null) throw new Error("a key was neither free nor taken");
  return known;
}

/** Forgets keys that are remembered no longer. */
export async function purgeKeys(queries: Queries, now: number): Promise<void> {
  await queries
    .deleteFrom("idempotency_keys")
    .where("created_at", "<=", now - idempotencyLifeMs)
    .execute();
}
