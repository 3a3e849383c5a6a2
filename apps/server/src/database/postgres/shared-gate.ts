import { DatabaseBusyError } from "../errors.ts";
import { defaultGateLimits, type GateLimits, type Leave } from "../gate.ts";

/** together: with others of the kind. alone: with nobody. */
export type Manner = "together" | "alone";

/** Lets many in together, or one alone, first come first served: whoever wants to be alone waits for those inside, and those who
 *  come later wait for that one. */
export type SharedGate = {
  /** DatabaseBusyError when the line is too long or the wait was. */
  enter(manner: Manner): Promise<Leave>;
};

type Waiting = { readonly manner: Manner; readonly admit: () => void };

export function createSharedGate(limits: GateLimits = defaultGateLimits): SharedGate {
  const line = new Set<Waiting>();
  let inside = 0;
  let taken = false;

  const isFree = (manner: Manner): boolean => !taken && (manner === "together" || inside === 0);

  const pass = (manner: Manner): Leave => {
    inside += 1;
    taken = manner === "alone";
    let left = false;
    return () => {
      if (left) return;
      left = true;
      inside -= 1;
      taken = false;
      advance();
    };
  };

  function advance(): void {
    for (const waiting of line) {
      if (!isFree(waiting.manner)) return;
      waiting.admit();
    }
  }

  return {
    enter(manner) {
      if (line.size === 0 && isFree(manner)) return Promise.resolve(pass(manner));
      if (line.size >= limits.maxWaiting)
        return Promise.reject(new DatabaseBusyError(`${limits.maxWaiting} calls wait for the database already`));
      return new Promise((resolve, reject) => {
        const waiting: Waiting = {
          manner,
          admit() {
            clearTimeout(timer);
            line.delete(waiting);
            resolve(pass(manner));
          },
        };
        const timer = setTimeout(() => {
          line.delete(waiting);
          reject(new DatabaseBusyError(`waited ${limits.maxWaitMs} ms for the database`));
          // Those behind one that wanted to be alone may be free now.
          advance();
        }, limits.maxWaitMs);
        line.add(waiting);
      });
    },
  };
}
