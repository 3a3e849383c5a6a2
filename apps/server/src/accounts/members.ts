import type { Role } from "@dsp-fleet/contract";
import type { Clock } from "../clock.ts";
import type { UserPrincipal } from "../http/context.ts";
import { accessTokenLifeMs, leewayMs } from "./tokens.ts";

export type Member = { userId: number; accountId: number; role: Role };

/**
 * Who may act at this moment, in memory, so that a token can be judged without asking the database. A token says who it was made
 * for; what that person may, and whether the session still lives, is said here.
 */
export type Members = {
  /** The role as it is now; null when the user is gone or disabled, or the session has ended. */
  roleOf(principal: Pick<UserPrincipal, "accountId" | "userId" | "sessionId">): Role | null;
  /** Came, came back, or has another role. */
  put(member: Member): void;
  /** Removed or disabled. */
  drop(userId: number): void;
  /** The account is closed for good, for its people and its devices. */
  accountClosed(accountId: number): void;
  isClosed(accountId: number): boolean;
  sessionEnded(sessionId: string): void;
};

/** An ended session needs remembering until the last token of it has run out. */
export const rememberEndedMs = accessTokenLifeMs + leewayMs;

export function createMembers(
  clock: Clock,
  stored: {
    members: Iterable<Member>;
    endedSessions: Iterable<{ sessionId: string; endedAt: number }>;
    closedAccounts: Iterable<number>;
  },
): Members {
  const members = new Map([...stored.members].map((member) => [member.userId, member]));
  const closed = new Set(stored.closedAccounts);
  /** Session → when it can be forgotten; the first in are the first out. */
  const ended = new Map<string, number>();
  for (const { sessionId, endedAt } of stored.endedSessions) ended.set(sessionId, endedAt + rememberEndedMs);

  return {
    roleOf({ accountId, userId, sessionId }) {
      const member = members.get(userId);
      if (member === undefined || member.accountId !== accountId) return null;
      return ended.has(sessionId) || closed.has(accountId) ? null : member.role;
    },
    put: (member) => void members.set(member.userId, member),
    drop: (userId) => void members.delete(userId),
    accountClosed(accountId) {
      closed.add(accountId);
      for (const member of members.values()) if (member.accountId === accountId) members.delete(member.userId);
    },
    isClosed: (accountId) => closed.has(accountId),
    sessionEnded(sessionId) {
      const now = clock.now();
      for (const [known, forgetAt] of ended) {
        if (forgetAt > now) break;
        ended.delete(known);
      }
      ended.set(sessionId, now + rememberEndedMs);
    },
  };
}
