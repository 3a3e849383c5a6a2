import type { Clock } from "../clock.ts";
import { ProblemError } from "../http/problem.ts";
import { type TakeTurn, turns } from "../limits/turns.ts";

/** Wrong codes that one account may enter in ten minutes; each time it is used up, the wait doubles. */
const wrongPerAccount = 5;
/** Wrong codes from one address in ten minutes: an office with several dispatchers shares one. */
const wrongPerAddress = 20;
const windowMs = 10 * 60_000;
const hourMs = 3_600_000;
/** Wrong guesses an hour × live codes, for the whole service: at most 0.01 phones hijacked a year among 31^6 codes. */
const serviceBudget = 1_226;
/** Codes being entered at one moment; each takes a few milliseconds. */
const maximumWaiting = 64;
/** The longest an account is kept waiting; after as long without a wait the next one is the shortest again. */
const maximumWaitMs = 24 * hourMs;

export type GuessLimits = {
  /** One entry of a code after the other: a wrong one counts before the next is looked at. */
  readonly inTurn: TakeTurn;
  /** Seconds to wait before another code may be entered; 0 is now. */
  waitSeconds(accountId: number, address: string, liveCodes: number): number;
  wrong(accountId: number, address: string): void;
};

type AccountGuesses = { wrong: number[]; blocks: number; blockedUntil: number };

/** Makes guessing hopeless without telling a stranger anything: wrong, expired and used codes count alike. */
export function createGuessLimits(clock: Clock): GuessLimits {
  const accounts = new Map<number, AccountGuesses>();
  const addresses = new Map<string, number[]>();
  let service: number[] = [];

  const recent = (times: number[], within: number) => times.filter((at) => at > clock.now() - within);
  const untilOldestLeaves = (times: number[], within: number) => (times[0] ?? 0) + within - clock.now();

  return {
    inTurn: turns(
      1,
      maximumWaiting,
      () =>
        new ProblemError("rate-limited", "Many codes are being entered right now. Try again in a few seconds.", {
          retryAfterSeconds: 2,
        }),
    ),

    waitSeconds(accountId, address, liveCodes) {
      const now = clock.now();
      const waits = [0];
      const account = accounts.get(accountId);
      if (account !== undefined) waits.push(account.blockedUntil - now);
      const fromAddress = recent(addresses.get(address) ?? [], windowMs);
      if (fromAddress.length >= wrongPerAddress) waits.push(untilOldestLeaves(fromAddress, windowMs));
      service = recent(service, hourMs);
      const perHour = Math.max(1, Math.floor(serviceBudget / Math.max(1, liveCodes)));
      if (service.length >= perHour) waits.push(untilOldestLeaves(service.slice(-perHour), hourMs));
      return Math.ceil(Math.max(...waits) / 1000);
    },

    wrong(accountId, address) {
      const now = clock.now();
      const account = accounts.get(accountId) ?? { wrong: [], blocks: 0, blockedUntil: 0 };
      account.wrong = [...recent(account.wrong, windowMs), now];
      if (account.wrong.length >= wrongPerAccount) {
        account.wrong = [];
        if (now >= account.blockedUntil + maximumWaitMs) account.blocks = 0;
        account.blockedUntil = now + Math.min(windowMs * 2 ** account.blocks, maximumWaitMs);
        account.blocks += 1;
      }
      accounts.set(accountId, account);
      addresses.set(address, [...recent(addresses.get(address) ?? [], windowMs), now]);
      service.push(now);
      if (addresses.size > 10_000) {
        for (const [known, times] of addresses) if (recent(times, windowMs).length === 0) addresses.delete(known);
      }
    },
  };
}
