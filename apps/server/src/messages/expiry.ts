import type { Clock } from "../clock.ts";

export type ExpiryParts = {
  clock: Clock;
  nextExpiry(): Promise<number | null>;
  /** Lets some of those that are due expire and tells of them; answers how many. */
  expireDue(now: number): Promise<number>;
  failed(error: unknown): void;
};

export type Expiry = {
  /** Lets expire what fell due while nobody watched, then watches. */
  start(): Promise<void>;
  /** A message that expires then is stored now. */
  watch(expiresAt: number): void;
  close(): void;
};

/** No timer waits longer: a clock that was set forward is noticed within it. */
const longestWaitMs = 15 * 60_000;
/** A store that could not be asked is asked again after this. */
const askAgainAfterMs = 1_000;

/** Watches for the next message that expires; one timer for all. */
export function createExpiry({ clock, nextExpiry, expireDue, failed }: ExpiryParts): Expiry {
  let next: { at: number; cancel: () => void } | null = null;
  let closed = false;
  let running: Promise<void> | null = null;

  function wakeAt(at: number): void {
    if (closed || (next !== null && next.at <= at)) return;
    next?.cancel();
    const wait = Math.min(longestWaitMs, Math.max(0, at - clock.now()));
    next = {
      at,
      cancel: clock.after(wait, () => {
        next = null;
        void look();
      }),
    };
  }

  function look(): Promise<void> {
    running ??= expire();
    return running;
  }

  async function expire(): Promise<void> {
    try {
      while (!closed && (await expireDue(clock.now())) > 0);
      const at = closed ? null : await nextExpiry();
      if (at !== null) wakeAt(at);
    } catch (error) {
      if (closed) return;
      failed(error);
      wakeAt(clock.now() + askAgainAfterMs);
    } finally {
      running = null;
    }
  }

  return {
    start: look,
    watch: wakeAt,
    close() {
      closed = true;
      next?.cancel();
    },
  };
}
