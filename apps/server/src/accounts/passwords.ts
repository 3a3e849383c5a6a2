import { hash, verify } from "@node-rs/argon2";
import { ProblemError } from "../http/problem.ts";
import { turns } from "../limits/turns.ts";

/** argon2id with 19 MiB, two passes, one lane: about 30 ms of one core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Two at once: more would starve the live map on a machine with two cores. */
const maximumRunning = 2;
/** Whoever is further back waits longer than a person does. */
const maximumWaiting = 32;

export type Passwords = {
  hash(password: string): Promise<string>;
  /** Takes as long when there is no hash to compare with, so that nobody learns which addresses exist. */
  matches(password: string, passwordHash: string | null): Promise<boolean>;
};

/** Throws `rate-limited` when too many wait. */
export function createPasswords(): Passwords {
  const takeTurn = turns(
    maximumRunning,
    maximumWaiting,
    () =>
      new ProblemError("rate-limited", "Many people are signing in right now. Try again in a few seconds.", {
        retryAfterSeconds: 2,
      }),
  );
  const nobodysHash = hash("nobody's password", cost);
  return {
    hash: (password) => takeTurn(() => hash(password, cost)),
    matches: (password, passwordHash) =>
      takeTurn(async () => {
        const matched = await verify(passwordHash ?? (await nobodysHash), password);
        return matched && passwordHash !== null;
      }),
  };
}
