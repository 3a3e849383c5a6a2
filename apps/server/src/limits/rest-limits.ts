import { type OperationId, operations } from "@dsp-fleet/contract";
import type { Clock } from "../clock.ts";
import { createTokenBuckets, type Rate, type TokenBuckets } from "./token-buckets.ts";

/** Calls of one operation by one user or device: a dashboard that opens asks for some dozens, a script that imports for hundreds. */
const ofPrincipal: Rate = { burst: 1_000, perSecond: 50 };
/** The same by an address that shows no token: a depot that comes back after an outage refreshes all its tokens at once. */
const ofAddress: Rate = { burst: 2_000, perSecond: 100 };

/** Counts a call; answers the seconds to wait, 0 for none. What supervisors ask is not counted. */
export type RestLimits = (id: OperationId, caller: RestCaller) => number;

export type RestCaller = { kind: "principal"; key: string } | { kind: "address"; address: string };

/** A bound for every operation, whatever tighter ones it has of its own. */
export function createRestLimits(clock: Clock): RestLimits {
  const principals = bucketsOf(clock, ofPrincipal);
  const addresses = bucketsOf(clock, ofAddress);
  return (id, caller) => {
    if (operations[id].tag === "Operations") return 0;
    return caller.kind === "principal" ? principals(id).take(caller.key) : addresses(id).take(caller.address);
  };
}

/** Buckets of an operation are made when it is first called. */
function bucketsOf(clock: Clock, rate: Rate): (id: OperationId) => TokenBuckets {
  const made = new Map<OperationId, TokenBuckets>();
  return (id) => {
    const buckets = made.get(id) ?? createTokenBuckets(clock, rate);
    made.set(id, buckets);
    return buckets;
  };
}
