import type { Clock } from "../clock.ts";

export type Pacer = {
  /** There is something new: it is sent now, or once the wait is over together with what comes until then. */
  news(): void;
  /** It was sent by other means just now: the wait begins anew. */
  sent(): void;
  stop(): void;
};

/**
 * Lets `send` run at most once each `everyMs`; it answers whether it had something to send. The last news is never lost: it goes
 * out at the end of the wait.
 */
export function createPacer(clock: Clock, everyMs: number, send: () => boolean): Pacer {
  let endWait: (() => void) | null = null;
  let isNew = false;

  function wait(): void {
    endWait?.();
    endWait = clock.after(everyMs, () => {
      endWait = null;
      if (isNew) go();
    });
  }

  function go(): void {
    isNew = false;
    if (send()) wait();
  }

  return {
    news() {
      isNew = true;
      if (endWait === null) go();
    },
    sent: wait,
    stop() {
      endWait?.();
      endWait = null;
      isNew = false;
    },
  };
}
