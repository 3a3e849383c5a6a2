/** Whose wish it is: a dispatcher's, or that of the rescue session which the device is in. */
export type LeaseOwner = "dispatcher" | "rescue";

/** A device is to report every `intervalSeconds` until `expiresAt`, ms since 1970 UTC. */
export type Lease = {
  readonly owner: LeaseOwner;
  readonly intervalSeconds: number;
  readonly expiresAt: number;
};

/** The lease that a phone gets of those that run: the shortest interval; of equal ones the longest. */
export function tightest(leases: Iterable<Lease>, now: number): Lease | null {
  let best: Lease | null = null;
  for (const lease of leases) {
    if (lease.expiresAt <= now) continue;
    if (best === null || isTighter(lease, best)) best = lease;
  }
  return best;
}

function isTighter(a: Lease, b: Lease): boolean {
  return a.intervalSeconds === b.intervalSeconds ? a.expiresAt > b.expiresAt : a.intervalSeconds < b.intervalSeconds;
}

/** Whole seconds that are left; a lease that runs has at least one. */
export const remainingSeconds = (lease: Lease, now: number): number =>
  Math.max(1, Math.ceil((lease.expiresAt - now) / 1000));

/** After so long without a report a phone does not obey: three reports missed, and never less than 10 s for a bad line. */
export const patienceMs = (lease: Lease): number => Math.max(3 * lease.intervalSeconds, 10) * 1000;
