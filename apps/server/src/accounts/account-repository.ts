import type { Account, User } from "@dsp-fleet/contract";
import { account as accountModel } from "@dsp-fleet/contract";
import type { Selectable } from "kysely";
import { recordAudit } from "../audit/record-audit.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { AccountsTable, UsersTable } from "../database/schema.ts";

export type NewAccount = { name: string; country: string; timezone: string; createdAt: number };
export type NewOwner = { email: string; displayName: string; passwordHash: string };
export type AccountChange = { readonly [K in keyof Omit<Account, "id">]?: Account[K] | undefined };
export type StoredUser = User & { accountId: number; passwordHash: string; disabled: boolean };

/** Days that positions are kept, unless the account says otherwise. */
const defaultRetentionDays = 60;

export const accountRepository = (database: Database, accounts = new Map<number, Account>()) => ({
  /** Makes both, or neither; null when the address is in use. */
  create: (account: NewAccount, owner: NewOwner): Promise<{ account: Account; user: User } | null> =>
    database.transaction(async (tx) => {
      const taken = await tx.selectFrom("users").select("id").where("email", "=", owner.email).executeTakeFirst();
      if (taken !== undefined) return null;
      const accountRow = await tx
        .insertInto("accounts")
        .values({
          name: account.name,
          country: account.country,
          timezone: account.timezone,
          speed_unit: speedUnitOf(account.country),
          periodic_airplane_mode_off: 0,
          devices_see_peers: 1,
          retention_days: defaultRetentionDays,
          created_at: account.createdAt,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const userRow = await tx
        .insertInto("users")
        .values({
          account_id: accountRow.id,
          email: owner.email,
          display_name: owner.displayName,
          role: "owner",
          password_hash: owner.passwordHash,
          created_at: account.createdAt,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await recordAudit(tx, {
        accountId: accountRow.id,
        actor: `user:${userRow.id}`,
        action: "account.registered",
        entity: "account",
        entityId: accountRow.id,
        at: account.createdAt,
      });
      return { account: toAccount(accountRow), user: toUser(userRow) };
    }),

  async userByEmail(email: string): Promise<StoredUser | null> {
    const row = await database.queries.selectFrom("users").selectAll().where("email", "=", email).executeTakeFirst();
    // The placeholder of an invitation signs nobody in.
    return row === undefined || row.invited_email !== null ? null : toStoredUser(row);
  },

  user: (accountId: number, userId: number) => userById(database.forAccount(accountId).queries, accountId, userId),

  /** From memory after the first time: every batch of samples asks. */
  async account(accountId: number): Promise<Account> {
    const known = accounts.get(accountId);
    if (known !== undefined) return known;
    const account = await accountById(database.forAccount(accountId).queries, accountId);
    // A change that was kept meanwhile is newer than what was read.
    const changed = accounts.get(accountId);
    if (changed !== undefined) return changed;
    accounts.set(accountId, account);
    return account;
  },

  /** Changes what is not undefined; everybody reads the new settings from then on. */
  async update(accountId: number, change: AccountChange, by: number, at: number): Promise<Account> {
    const account = await database.forAccount(accountId).transaction(async (tx) => {
      const before = await accountById(tx, accountId);
      const after: Account = { ...before, ...withoutUndefined(change) };
      await tx
        .updateTable("accounts")
        .set({
          name: after.name,
          country: after.country,
          timezone: after.timezone,
          speed_unit: after.speedUnit,
          periodic_airplane_mode_off: after.periodicAirplaneModeOff ? 1 : 0,
          devices_see_peers: after.devicesSeePeers ? 1 : 0,
          retention_days: after.retentionDays,
        })
        .where("id", "=", accountId)
        .execute();
      const entry = {
        accountId,
        actor: `user:${by}`,
        action: "account.changed",
        entity: "account",
        entityId: accountId,
      };
      await recordAudit(tx, { ...entry, at, detail: { before, after } });
      return after;
    });
    accounts.set(accountId, account);
    return account;
  },

  /** Closes the account for good: nobody of it signs in any more. False when it is closed already. */
  async close(accountId: number, by: number, at: number): Promise<boolean> {
    const closed = await database.forAccount(accountId).transaction(async (tx) => {
      const row = await tx
        .updateTable("accounts")
        .set({ erasing_at: at })
        .where("id", "=", accountId)
        .where("erasing_at", "is", null)
        .returning("id")
        .executeTakeFirst();
      if (row === undefined) return false;
      await tx.updateTable("users").set({ disabled_at: at }).where("account_id", "=", accountId).execute();
      const entry = {
        accountId,
        actor: `user:${by}`,
        action: "account.closed",
        entity: "account",
        entityId: accountId,
      };
      await recordAudit(tx, { ...entry, at });
      return true;
    });
    return closed;
  },

  /** Closed accounts whose rows may still be there. */
  async closed(): Promise<number[]> {
    const rows = await database.queries
      .selectFrom("accounts")
      .select("id")
      .where("erasing_at", "is not", null)
      .execute();
    return rows.map((row) => row.id);
  },

  rename: (accountId: number, userId: number, displayName: string, at: number): Promise<void> =>
    database.forAccount(accountId).transaction(async (tx) => {
      await tx
        .updateTable("users")
        .set({ display_name: displayName })
        .where("account_id", "=", accountId)
        .where("id", "=", userId)
        .execute();
      const entry = { accountId, actor: `user:${userId}`, action: "user.changed", entity: "user", entityId: userId };
      await recordAudit(tx, { ...entry, at, detail: { after: { displayName } } });
    }),
});

export type AccountRepository = ReturnType<typeof accountRepository>;

export async function userById(queries: Queries, accountId: number, userId: number): Promise<StoredUser | null> {
  const row = await queries
    .selectFrom("users")
    .selectAll()
    .where("account_id", "=", accountId)
    .where("id", "=", userId)
    .executeTakeFirst();
  return row === undefined ? null : toStoredUser(row);
}

export async function accountById(queries: Queries, accountId: number): Promise<Account> {
  return toAccount(
    await queries.selectFrom("accounts").selectAll().where("id", "=", accountId).executeTakeFirstOrThrow(),
  );
}

function withoutUndefined<T extends object>(change: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: Exclude<T[K], undefined>;
  }>;
}

/** Miles where road signs show them. */
function speedUnitOf(country: string): "mph" | "kmh" {
  return country === "US" || country === "GB" ? "mph" : "kmh";
}

function toAccount(row: Selectable<AccountsTable>): Account {
  return {
    id: row.id,
    name: row.name,
    country: row.country,
    timezone: row.timezone,
    speedUnit: accountModel.shape.speedUnit.parse(row.speed_unit),
    periodicAirplaneModeOff: row.periodic_airplane_mode_off === 1,
    devicesSeePeers: row.devices_see_peers === 1,
    retentionDays: row.retention_days,
  };
}

function toUser(row: Selectable<UsersTable>): User {
  return { id: row.id, email: row.email, displayName: row.display_name, role: row.role };
}

function toStoredUser(row: Selectable<UsersTable>): StoredUser {
  return {
    ...toUser(row),
    accountId: row.account_id,
    passwordHash: row.password_hash,
    disabled: row.disabled_at !== null,
  };
}
