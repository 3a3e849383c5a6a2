import type { Authentication, ConnectRequest } from "@dsp-fleet/signalr";
import type { App } from "../app.ts";
import type { Principal } from "../http/context.ts";

/** Names a principal for good, whatever token it shows. */
export function principalKey(principal: Principal): string {
  return principal.kind === "device" ? `device:${principal.deviceId}` : `user:${principal.userId}`;
}

/** FleetHub takes a user's or a bound device's token and nothing else. */
export async function authenticateFleet(app: App, request: ConnectRequest): Promise<Authentication<Principal>> {
  const verified = request.accessToken === null ? null : await app.authenticate(request.accessToken);
  if (verified === null) return { kind: "unauthorized" };
  const { expiresAt, ...principal } = verified;
  const key = principalKey(principal);
  return { kind: "accepted", principal, principalKey: key, userId: key, expiresAt };
}
