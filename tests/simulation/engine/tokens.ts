import type { Clock, Tokens, VerifiedToken } from "@dsp-fleet/server/inside";

/** Short, so that many run out within a seed. */
export const accessTokenLifeMs = 40_000;
const deviceTokenLifeMs = 365 * 24 * 3_600_000;

/** Tokens that nobody here forges: signing takes the machine's threads, and their timing no seed repeats. */
export function simulatedTokens(clock: Clock): Tokens {
  let serial = 0;
  const issue = (principal: object, lifeMs: number) => {
    const expiresAt = clock.now() + lifeMs;
    const claims = JSON.stringify({ ...principal, expiresAt, serial: ++serial });
    return Promise.resolve({ token: Buffer.from(claims).toString("base64url"), expiresAt });
  };
  return {
    issueUser: (principal) => issue(principal, accessTokenLifeMs),
    issueDevice: (principal) => issue(principal, deviceTokenLifeMs),
    verify(token) {
      const verified = JSON.parse(Buffer.from(token, "base64url").toString()) as VerifiedToken;
      return Promise.resolve(verified.expiresAt > clock.now() ? verified : null);
    },
  };
}
