import { historyLimits } from "@dsp-fleet/contract";
import { accountDateAt, accountDay } from "../accounts/account-day.ts";
import { ProblemError } from "../http/problem.ts";
import type { Range } from "./read-track.ts";

const dayMs = 24 * 3_600_000;

export type RangeQuery = { from?: string | undefined; to?: string | undefined; day?: string | undefined };

/** What a query asks for: a day of the account, or from and to; without either, the account's today until now. */
export function rangeOf({ from, to, day }: RangeQuery, timeZone: string, now: number): Range {
  if (day !== undefined) {
    if (from !== undefined || to !== undefined) throw invalid("day", "cannot go together with from or to");
    return accountDay(timeZone, day);
  }
  const toMs = to === undefined ? now : Date.parse(to);
  const fromMs = from === undefined ? accountDay(timeZone, accountDateAt(timeZone, toMs)).fromMs : Date.parse(from);
  if (fromMs > toMs) throw invalid("from", to === undefined ? "must not be in the future" : "must not be after to");
  if (toMs - fromMs > historyLimits.rangeDays * dayMs) {
    throw invalid("from", `must be at most ${historyLimits.rangeDays} days before to`);
  }
  return { fromMs, toMs };
}

const invalid = (field: string, words: string): ProblemError =>
  new ProblemError("invalid-request", `${field} ${words}.`, { errors: { [field]: [words] } });
