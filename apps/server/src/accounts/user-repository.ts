import { createHash } from "node:crypto";
import type { Member as MemberAnswer, Role, User } from "@dsp-fleet/contract";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import { isoTime } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { UsersTable } from "../database/schema.ts";
import type { Member } from "./members.ts";
import { endSessionsOf } from "./session-rows.ts";

/** How long an invitation's link is good: a week, so that a holiday does not cost a second one. */
const inviteLifeMs = 7 * 24 * 3_600_000;

/** Who does it, and when. */
export type Deed = { accountId: number; by: number; at: number };
export type Invite = { email: string; role: Role; displayName: string | null; token: string };
export type UserChange = { role?: Role | undefined; displayName?: string | undefined; disabled?: boolean | undefined };

type Refused = { kind: "not-found" | "last-owner" };
export type UserChanged =
  | { kind: "changed"; member: MemberAnswer; mayAct: Member | null; endedSessions: string[] }
  | Refused;
export type UserRemoved = { kind: "removed" } | Refused;
export type Accepted = { kind: "accepted"; user: User; accountId: number } | { kind: "unknown" | "email-in-use" };

export type UserRepository = ReturnType<typeof userRepository>;

export const userRepository = (database: Database) => ({
  /** Everybody who may act: for memory at start. */
  async mayAct(): Promise<Member[]> {
    const rows = await database.queries
      .selectFrom("users")
      .innerJoin("accounts", "accounts.id", "users.account_id")
      .select(["users.id as userId", "users.account_id as accountId", "users.role"])
      .where("users.disabled_at", "is", null)
      .where("users.invited_email", "is", null)
      .where("accounts.erasing_at", "is", null)
      .execute();
    return rows;
  },

  /** By id, ascending. */
  async page(accountId: number, afterId: number, limit: number): Promise<MemberAnswer[]> {
    const rows = await database
      .forAccount(accountId)
      .queries.selectFrom("users")
      .selectAll()
      .where("account_id", "=", accountId)
      .where("id", ">", afterId)
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map((row) => toMember(row));
  },

  /** Null when the address signs somebody in already; the same address invited before gets the new link. */
  invite: (
    { accountId, by, at }: Deed,
    { email, role, displayName, token }: Invite,
  ): Promise<{ member: MemberAnswer; expiresAt: number } | null> =>
    database.transaction(async (tx) => {
      if (await isTaken(tx, email)) return null;
      const tokenHash = hashOf(token);
      const values = {
        email: `invitation:${tokenHash}`,
        display_name: displayName ?? email.slice(0, email.indexOf("@")).slice(0, 100),
        role,
        invited_email: email,
        invite_token_hash: tokenHash,
        invite_expires_at: at + inviteLifeMs,
      };
      const renewed = await tx
        .updateTable("users")
        .set({ ...values, disabled_at: null })
        .where("account_id", "=", accountId)
        .where("invited_email", "=", email)
        .returningAll()
        .executeTakeFirst();
      const row =
        renewed ??
        (await tx
          .insertInto("users")
          .values({ ...values, account_id: accountId, password_hash: "", created_at: at })
          .returningAll()
          .executeTakeFirstOrThrow());
      await audit(tx, { accountId, by, at }, "user.invited", row.id, { role });
      return { member: toMember(row), expiresAt: at + inviteLifeMs };
    }),

  /** Whether this link would be good, before a password is hashed for it. */
  async isInvited(token: string, now: number): Promise<boolean> {
    return (await invitedBy(database.queries, token, now)) !== undefined;
  },

  /** Uses the link up; of two who use it at once exactly one gets in. */
  accept: (
    token: string,
    { passwordHash, displayName }: { passwordHash: string; displayName: string | null },
    now: number,
  ): Promise<Accepted> =>
    database.transaction(async (tx) => {
      const invited = await invitedBy(tx, token, now);
      const email = invited?.invited_email ?? null;
      if (invited === undefined || email === null) return { kind: "unknown" };
      if (await isTaken(tx, email)) return { kind: "email-in-use" };
      const row = await tx
        .updateTable("users")
        .set({
          email,
          display_name: displayName ?? invited.display_name,
          password_hash: passwordHash,
          invited_email: null,
          invite_token_hash: null,
          invite_expires_at: null,
        })
        .where("id", "=", invited.id)
        .where("invite_token_hash", "=", hashOf(token))
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return { kind: "unknown" };
      const accountId = row.account_id;
      await audit(tx, { accountId, by: row.id, at: now }, "user.joined", row.id, { role: row.role });
      return { kind: "accepted", user: toUser(row), accountId };
    }),

  /** Disabling ends every session. The last owner stays one. */
  change: ({ accountId, by, at }: Deed, userId: number, change: UserChange): Promise<UserChanged> =>
    database.forAccount(accountId).transaction(async (tx) => {
      const before = await lockedUser(tx, accountId, userId);
      if (before === undefined) return { kind: "not-found" };
      const role = change.role ?? before.role;
      const disabledAt = change.disabled === undefined ? before.disabled_at : change.disabled ? at : null;
      if (isOwner(before) && (role !== "owner" || disabledAt !== null) && (await isLastOwner(tx, accountId, userId))) {
        return { kind: "last-owner" };
      }
      const row = await tx
        .updateTable("users")
        .set({ role, display_name: change.displayName ?? before.display_name, disabled_at: disabledAt })
        .where("account_id", "=", accountId)
        .where("id", "=", userId)
        .returningAll()
        .executeTakeFirstOrThrow();
      const endedSessions =
        disabledAt === null ? [] : await endSessionsOf(tx, { accountId, userId }, { reason: "user disabled", at });
      await audit(tx, { accountId, by, at }, "user.changed", userId, {
        before: { role: before.role, displayName: before.display_name, disabled: before.disabled_at !== null },
        after: { role, displayName: row.display_name, disabled: disabledAt !== null },
      });
      return { kind: "changed", member: toMember(row), mayAct: asMember(row), endedSessions };
    }),

  /** Removes the user with all sessions; what the user did stays, under the number alone. */
  remove: ({ accountId, by, at }: Deed, userId: number): Promise<UserRemoved> =>
    database.forAccount(accountId).transaction(async (tx) => {
      const before = await lockedUser(tx, accountId, userId);
      if (before === undefined) return { kind: "not-found" };
      if (isOwner(before) && (await isLastOwner(tx, accountId, userId))) return { kind: "last-owner" };
      await tx.deleteFrom("users").where("account_id", "=", accountId).where("id", "=", userId).execute();
      await audit(tx, { accountId, by, at }, "user.removed", userId, { role: before.role });
      return { kind: "removed" };
    }),
});

/** The user, once nobody else changes people of this account: two demotions at once must not both find another owner. */
async function lockedUser(tx: Queries, accountId: number, userId: number) {
  await tx
    .updateTable("accounts")
    .set((eb) => ({ name: eb.ref("name") }))
    .where("id", "=", accountId)
    .execute();
  return tx
    .selectFrom("users")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("id", "=", userId)
    .executeTakeFirst();
}

/** One who can act as owner now. */
const isOwner = (row: Selectable<UsersTable>): boolean => asMember(row)?.role === "owner";

async function isLastOwner(tx: Queries, accountId: number, userId: number): Promise<boolean> {
  const other = await tx
    .selectFrom("users")
    .select("id")
    .where("account_id", "=", accountId)
    .where("id", "!=", userId)
    .where("role", "=", "owner")
    .where("disabled_at", "is", null)
    .where("invited_email", "is", null)
    .executeTakeFirst();
  return other === undefined;
}

async function isTaken(tx: Queries, email: string): Promise<boolean> {
  return (await tx.selectFrom("users").select("id").where("email", "=", email).executeTakeFirst()) !== undefined;
}

function invitedBy(queries: Queries, token: string, now: number) {
  return queries
    .selectFrom("users")
    .innerJoin("accounts", "accounts.id", "users.account_id")
    .selectAll("users")
    .where("users.invite_token_hash", "=", hashOf(token))
    .where("users.invite_expires_at", ">", now)
    .where("users.disabled_at", "is", null)
    .where("accounts.erasing_at", "is", null)
    .executeTakeFirst();
}

const audit = (tx: Queries, { accountId, by, at }: Deed, action: string, userId: number, detail: object) =>
  recordAudit(tx, {
    accountId,
    actor: `user:${by}`,
    action,
    entity: "user",
    entityId: userId,
    at,
    detail: { ...detail },
  });

function asMember(row: Selectable<UsersTable>): Member | null {
  return row.disabled_at === null && row.invited_email === null
    ? { userId: row.id, accountId: row.account_id, role: row.role }
    : null;
}

function toMember(row: Selectable<UsersTable>): MemberAnswer {
  return {
    id: row.id,
    email: row.invited_email ?? row.email,
    displayName: row.display_name,
    role: row.role,
    state: row.disabled_at !== null ? "disabled" : row.invited_email !== null ? "invited" : "active",
    createdAt: isoTime(row.created_at),
    inviteExpiresAt: row.invite_expires_at === null ? null : isoTime(row.invite_expires_at),
  };
}

function toUser(row: Selectable<UsersTable>): User {
  return { id: row.id, email: row.email, displayName: row.display_name, role: row.role };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
