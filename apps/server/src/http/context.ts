import type { Access, OperationHandlers, OperationId, Operations, Role } from "@dsp-fleet/contract";
import type { IdempotencyKey } from "./idempotency-key.ts";

export type UserPrincipal = {
  readonly kind: "user";
  readonly userId: number;
  readonly accountId: number;
  readonly role: Role;
  readonly sessionId: string;
};

export type DevicePrincipal = { readonly kind: "device"; readonly deviceId: number; readonly accountId: number };

export type Principal = UserPrincipal | DevicePrincipal;

/** Who a token speaks for; null when it is malformed, expired, revoked, or meant for something else. */
export type Principals = { authenticate(token: string): Promise<Principal | null> };

export type PrincipalFor<A extends Access> = A extends "anyone" | "operator"
  ? null
  : A extends "device"
    ? DevicePrincipal
    : A extends "account"
      ? Principal
      : UserPrincipal;

/** Where this server is reached: absolute, without a slash at the end. */
export type PublicOrigin = { readonly http: string; readonly ws: string };

export type RequestContext<A extends Access> = {
  readonly principal: PrincipalFor<A>;
  readonly remoteAddress: string;
  readonly userAgent: string | null;
  readonly origin: PublicOrigin;
  /** The version that If-Match names; null when there is no If-Match, or `*`. */
  readonly ifMatch: number | null;
  /** Where the operation is idempotent and the caller sent a key; kept by the handler, in its own transaction. */
  readonly idempotency: IdempotencyKey | null;
  readonly traceId: string;
};

export type RestHandlers = OperationHandlers<{ [K in OperationId]: RequestContext<Operations[K]["access"]> }>;

/** What the HTTP server answers by itself. */
export type RunningOperation = "healthLive" | "healthReady" | "metrics";

/** What the application hands in: one handler for each other operation of the contract. */
export type ApplicationHandlers = Omit<RestHandlers, RunningOperation>;
