import { createHash, createHmac } from "node:crypto";
import type { AuthResponse, Session, User } from "@dsp-fleet/contract";
import { recordAudit } from "../audit/record-audit.ts";
import { type Clock, isoTime } from "../clock.ts";
import type { Database } from "../database/database.ts";
import type { Queries } from "../database/queries.ts";
import type { UserPrincipal } from "../http/context.ts";
import { type Random, randomSecret } from "../random.ts";
import { accountById, userById } from "./account-repository.ts";
import { endSession, endSessionsOf } from "./session-rows.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { Tokens } from "./tokens.ts";

/** A browser that was not used for so long signs in again. */
const refreshTokenLifeMs = 30 * 24 * 3_600_000;
/** So long may the answer to a refresh be lost and asked for again without ending the session. */
const refreshReplayMs = 60_000;

export type Refreshed = { response: AuthResponse; principal: UserPrincipal; accessExpiresAt: number };

export type Sessions = {
  /** Begins a session: one family of refresh tokens. */
  begin(user: User, accountId: number, userAgent: string | null): Promise<AuthResponse>;
  /**
   * Trades a refresh token for its successor; null when it is not good. A token that was spent before ends its whole
   * family, except that the direct predecessor gets the same successor again while that one is unused (60 s).
   * With `onlyAccountId`, a token of another account is left as it is.
   */
  refresh(refreshToken: string, onlyAccountId?: number): Promise<Refreshed | null>;
  /** Ends the session of this refresh token, if it is the user's. */
  end(refreshToken: string, user: UserPrincipal): Promise<void>;
  /** Ends a session of the user; false when the user has none such that is open. */
  endOne(sessionId: string, user: UserPrincipal): Promise<boolean>;
  /** Keeps the new password and ends every other session of the user. */
  changePassword(user: UserPrincipal, passwordHash: string): Promise<void>;
  /** The user's open sessions, the latest first; `after` is the last of the page before. */
  list(user: UserPrincipal, page: { after: SessionPosition | null; limit: number }): Promise<Session[]>;
};

export type SessionPosition = { createdAt: number; id: string };

type Family = { sessionId: string; accountId: number; userId: number; token: string; expiresAt: number };

export function createSessions(parts: {
  database: Database;
  tokens: Tokens;
  keys: SigningKeys;
  clock: Clock;
  random: Random;
  /** Called once it is on disk that these are over. */
  ended(accountId: number, sessionIds: readonly string[]): void;
}): Sessions {
  const { database, tokens, keys, clock, random, ended } = parts;

  // The successor follows from its predecessor and a key, so that a repeated refresh can be answered alike without
  // keeping any secret.
  const successorOf = (token: string) => createHmac("sha256", keys.refreshKey).update(token).digest("base64url");

  async function answer(family: Family): Promise<Refreshed | null> {
    const { queries } = database.forAccount(family.accountId);
    const [user, account] = await Promise.all([
      userById(queries, family.accountId, family.userId),
      accountById(queries, family.accountId),
    ]);
    if (user === null || user.disabled) return null;
    const principal: UserPrincipal = {
      kind: "user",
      userId: user.id,
      accountId: family.accountId,
      role: user.role,
      sessionId: family.sessionId,
    };
    const access = await tokens.issueUser(principal);
    return {
      principal,
      accessExpiresAt: access.expiresAt,
      response: {
        accessToken: access.token,
        accessTokenExpiresAt: isoTime(access.expiresAt),
        refreshToken: family.token,
        refreshTokenExpiresAt: isoTime(family.expiresAt),
        tokenType: "Bearer",
        user: { id: user.id, email: user.email, displayName: user.displayName, role: user.role },
        account,
      },
    };
  }

  return {
    async begin(user, accountId, userAgent) {
      const family: Family = {
        sessionId: randomSecret(random, 16),
        accountId,
        userId: user.id,
        token: randomSecret(random),
        expiresAt: clock.now() + refreshTokenLifeMs,
      };
      await database.forAccount(accountId).transaction(async (tx) => {
        await tx
          .insertInto("sessions")
          .values({
            id: family.sessionId,
            user_id: user.id,
            account_id: accountId,
            created_at: clock.now(),
            user_agent: userAgent?.slice(0, 200) ?? null,
          })
          .execute();
        await insertToken(tx, family, 1, clock.now());
        await auditSession(tx, family, "session.begun", clock.now());
      });
      const begun = await answer(family);
      if (begun === null) throw new Error("a session began for a user who is not there");
      return begun.response;
    },

    async refresh(refreshToken, onlyAccountId) {
      const now = clock.now();
      const family = await database.transaction<Family | { reused: Family } | null>(async (tx) => {
        const found = await tx
          .selectFrom("refresh_tokens")
          .innerJoin("sessions", "sessions.id", "refresh_tokens.session_id")
          .select([
            "sessions.id as sessionId",
            "sessions.account_id as accountId",
            "sessions.user_id as userId",
            "refresh_tokens.sequence",
            "refresh_tokens.spent_at as spentAt",
            "refresh_tokens.expires_at as expiresAt",
          ])
          .where("refresh_tokens.token_hash", "=", hashOf(refreshToken))
          .where("sessions.ended_at", "is", null)
          .executeTakeFirst();
        if (found === undefined || found.expiresAt <= now) return null;
        if (onlyAccountId !== undefined && found.accountId !== onlyAccountId) return null;

        const token = successorOf(refreshToken);
        if (found.spentAt === null) {
          const successor: Family = { ...found, token, expiresAt: now + refreshTokenLifeMs };
          await tx
            .updateTable("refresh_tokens")
            .set({ spent_at: now })
            .where("token_hash", "=", hashOf(refreshToken))
            .execute();
          await insertToken(tx, successor, found.sequence + 1, now);
          return successor;
        }

        const successor = await tx
          .selectFrom("refresh_tokens")
          .select(["spent_at", "expires_at"])
          .where("token_hash", "=", hashOf(token))
          .executeTakeFirst();
        if (successor !== undefined && successor.spent_at === null && now - found.spentAt <= refreshReplayMs) {
          return { ...found, token, expiresAt: successor.expires_at };
        }
        await endSession(tx, found.sessionId, "token reused", now);
        return { reused: { ...found, token } };
      });
      if (family === null) return null;
      if (!("reused" in family)) return answer(family);
      ended(family.reused.accountId, [family.reused.sessionId]);
      return null;
    },

    async end(refreshToken, user) {
      const over = await database.forAccount(user.accountId).transaction(async (tx) => {
        const found = await tx
          .selectFrom("refresh_tokens")
          .innerJoin("sessions", "sessions.id", "refresh_tokens.session_id")
          .select("sessions.id")
          .where("refresh_tokens.token_hash", "=", hashOf(refreshToken))
          .where("sessions.account_id", "=", user.accountId)
          .where("sessions.user_id", "=", user.userId)
          .executeTakeFirst();
        if (found === undefined || !(await endSession(tx, found.id, "signed out", clock.now()))) return null;
        await auditSession(tx, { ...user, sessionId: found.id }, "session.ended", clock.now());
        return found.id;
      });
      if (over !== null) ended(user.accountId, [over]);
    },

    async endOne(sessionId, user) {
      const over = await database.forAccount(user.accountId).transaction(async (tx) => {
        const found = await tx
          .selectFrom("sessions")
          .select("id")
          .where("id", "=", sessionId)
          .where("account_id", "=", user.accountId)
          .where("user_id", "=", user.userId)
          .executeTakeFirst();
        if (found === undefined || !(await endSession(tx, sessionId, "ended by user", clock.now()))) return false;
        await auditSession(tx, { ...user, sessionId }, "session.ended", clock.now());
        return true;
      });
      if (over) ended(user.accountId, [sessionId]);
      return over;
    },

    async changePassword(user, passwordHash) {
      const { accountId, userId, sessionId } = user;
      const at = clock.now();
      const over = await database.forAccount(accountId).transaction(async (tx) => {
        await tx
          .updateTable("users")
          .set({ password_hash: passwordHash })
          .where("account_id", "=", accountId)
          .where("id", "=", userId)
          .execute();
        const others = { accountId, userId, exceptSessionId: sessionId };
        const sessionIds = await endSessionsOf(tx, others, { reason: "password changed", at });
        await recordAudit(tx, {
          accountId,
          actor: `user:${userId}`,
          action: "user.password-changed",
          entity: "user",
          entityId: userId,
          at,
        });
        return sessionIds;
      });
      ended(accountId, over);
    },

    async list(user, { after, limit }) {
      let open = database
        .forAccount(user.accountId)
        .queries.selectFrom("sessions")
        .innerJoin("refresh_tokens", "refresh_tokens.session_id", "sessions.id")
        .select(["sessions.id", "sessions.created_at as createdAt", "sessions.user_agent as userAgent"])
        .select((eb) => eb.fn.max("refresh_tokens.issued_at").as("usedAt"))
        .where("sessions.account_id", "=", user.accountId)
        .where("sessions.user_id", "=", user.userId)
        .where("sessions.ended_at", "is", null)
        .where("refresh_tokens.expires_at", ">", clock.now())
        .groupBy(["sessions.id", "sessions.created_at", "sessions.user_agent"])
        .orderBy("sessions.created_at", "desc")
        .orderBy("sessions.id", "desc")
        .limit(limit);
      if (after !== null) {
        open = open.where((eb) =>
          eb.or([
            eb("sessions.created_at", "<", after.createdAt),
            eb.and([eb("sessions.created_at", "=", after.createdAt), eb("sessions.id", "<", after.id)]),
          ]),
        );
      }
      const rows = await open.execute();
      return rows.map(({ id, createdAt, usedAt, userAgent }) => ({
        id,
        createdAt: isoTime(createdAt),
        lastUsedAt: isoTime(usedAt),
        userAgent,
        isCurrent: id === user.sessionId,
      }));
    },
  };
}

const auditSession = (
  tx: Queries,
  { accountId, userId, sessionId }: Pick<Family, "accountId" | "userId" | "sessionId">,
  action: "session.begun" | "session.ended",
  at: number,
) => recordAudit(tx, { accountId, actor: `user:${userId}`, action, entity: "session", entityId: sessionId, at });

async function insertToken(tx: Queries, family: Family, sequence: number, now: number): Promise<void> {
  await tx
    .insertInto("refresh_tokens")
    .values({
      token_hash: hashOf(family.token),
      session_id: family.sessionId,
      account_id: family.accountId,
      sequence,
      issued_at: now,
      expires_at: family.expiresAt,
    })
    .execute();
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
