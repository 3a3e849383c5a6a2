import type { Clock } from "../clock.ts";
import { ProblemError } from "../http/problem.ts";
import { createTokenBuckets, type Rate } from "./token-buckets.ts";

/** Everything from one address that costs a password hash; a depot with all its people may stand behind one. */
const perAddress: Rate = { burst: 100, perSecond: 1 };
/** Sign-ins with one e-mail address, right or wrong: at most 4,330 guesses a day, from however many places. */
const perEmail: Rate = { burst: 10, perSecond: 1 / 20 };

export type SignInLimits = {
  /** Counts an attempt; throws `rate-limited` when there were too many. `email` in lower case; null where it is not the point. */
  take(remoteAddress: string, email: string | null): void;
};

/** Counts before anything is looked up, so that it says nothing about which addresses exist. */
export function createSignInLimits(clock: Clock): SignInLimits {
  const addresses = createTokenBuckets(clock, perAddress);
  const emails = createTokenBuckets(clock, perEmail);
  return {
    take(remoteAddress, email) {
      const wait = addresses.take(remoteAddress) || (email === null ? 0 : emails.take(email));
      if (wait === 0) return;
      throw new ProblemError("rate-limited", `Too many attempts to sign in. Try again in ${wait} s.`, {
        retryAfterSeconds: wait,
      });
    },
  };
}
