import type { Random } from "./clock.ts";

export type BackoffLimits = { readonly minimumMs: number; readonly maximumMs: number };

/**
 * Full jitter: anything from 0 to a ceiling that doubles from minimumMs to maximumMs.
 * A crowd that was cut off together so comes back spread out. `attempt` counts from 0.
 */
export function fullJitter({ minimumMs, maximumMs }: BackoffLimits, attempt: number, random: Random): number {
  const ceiling = Math.min(maximumMs, minimumMs * 2 ** Math.min(attempt, 30));
  return random() * ceiling;
}
