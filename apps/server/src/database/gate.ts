import { DatabaseBusyError } from "./errors.ts";

export type GateLimits = {
  /** Callers that may wait. A waiting call is a kilobyte or two; 10,000 returning clients ask at once. */
  readonly maxWaiting: number;
  /** A caller is owed an answer within 2 s, so nobody waits longer. */
  readonly maxWaitMs: number;
};

export const defaultGateLimits: GateLimits = { maxWaiting: 10_000, maxWaitMs: 2_000 };

/** Opens the gate for the next; a second call does nothing. */
export type Leave = () => void;

/** Lets one in at a time, first come first served. */
export type Gate = {
  /** DatabaseBusyError when the line is too long or the wait was. */
  enter(): Promise<Leave>;
};

export function createGate(limits: GateLimits = defaultGateLimits): Gate {
  /** A Set keeps the order of arrival and lets one who gives up leave the middle of the line at once. */
  const line = new Set<() => void>();
  let taken = false;

  const pass = (): Leave => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const [next] = line;
      if (next === undefined) taken = false;
      else next();
    };
  };

  return {
    enter() {
      if (!taken) {
        taken = true;
        return Promise.resolve(pass());
      }
      if (line.size >= limits.maxWaiting)
        return Promise.reject(new DatabaseBusyError(`${limits.maxWaiting} calls wait for the database already`));
      return new Promise((resolve, reject) => {
        const turn = () => {
          clearTimeout(timer);
          line.delete(turn);
          resolve(pass());
        };
        const timer = setTimeout(() => {
          line.delete(turn);
          reject(new DatabaseBusyError(`waited ${limits.maxWaitMs} ms for the database`));
        }, limits.maxWaitMs);
        line.add(turn);
      });
    },
  };
}
