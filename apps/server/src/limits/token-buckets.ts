import type { Clock } from "../clock.ts";

/** How many at once, and how many a second after that. */
export type Rate = { burst: number; perSecond: number };

type Bucket = { tokens: number; at: number };

/** Past this many keys those that are full again are forgotten. */
const sweepAbove = 10_000;

export type TokenBuckets = {
  /** Takes one; answers 0, or the seconds to wait when there is none. */
  take(key: string | number): number;
};

export function createTokenBuckets(clock: Clock, { burst, perSecond }: Rate): TokenBuckets {
  const buckets = new Map<string | number, Bucket>();

  const filled = (bucket: Bucket, now: number) =>
    Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);

  return {
    take(key) {
      const now = clock.now();
      let bucket = buckets.get(key);
      if (bucket === undefined) {
        if (buckets.size >= sweepAbove) {
          for (const [known, other] of buckets) if (filled(other, now) >= burst) buckets.delete(known);
        }
        bucket = { tokens: burst, at: now };
        buckets.set(key, bucket);
      }
      bucket.tokens = filled(bucket, now);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      bucket.tokens -= 1;
      return 0;
    },
  };
}
