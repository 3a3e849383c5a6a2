import { role } from "@dsp-fleet/contract";
import { decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../clock.ts";
import type { DevicePrincipal, UserPrincipal } from "../http/context.ts";
import { type Random, randomSecret } from "../random.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** How long a user's access token is good for. Short: what it says of the user is as old as the token. */
export const accessTokenLifeMs = 15 * 60_000;
/**
 * How long a device's token is good for: a phone may lie in a drawer for a season. One that is in use renews it long before
 * (POST /api/device/token), and it dies at once when the device is unbound.
 */
export const deviceTokenLifeMs = 90 * 24 * 3_600_000;
/** Clocks of several nodes may differ by this much. */
export const leewayMs = 5_000;

const algorithm = "HS256";
const issuer = "dsp-fleet";
const audience = "dsp-fleet";
const knownHeaders = new Set(["alg", "kid", "typ"]);
const maximumTokenLength = 4_096;

export type VerifiedToken = (UserPrincipal | DevicePrincipal) & { expiresAt: number };
export type IssuedToken = { token: string; expiresAt: number };

export type Tokens = {
  issueUser(principal: UserPrincipal): Promise<IssuedToken>;
  issueDevice(principal: DevicePrincipal): Promise<IssuedToken>;
  /** Who the token speaks for; null when it is forged, foreign, expired, or of another kind. */
  verify(token: string): Promise<VerifiedToken | null>;
};

/** JWTs under one fixed algorithm; the key id looks into our own list and nowhere else. */
export function createTokens(keys: SigningKeys, clock: Clock, random: Random): Tokens {
  const secrets = new Map(keys.tokenKeys.map(({ kid, secret }) => [kid, Buffer.from(secret, "base64url")]));
  const [signing] = keys.tokenKeys;
  if (signing === undefined) throw new Error("no signing key");
  const signingSecret = Buffer.from(signing.secret, "base64url");

  async function sign(
    typ: string,
    subject: string,
    claims: Record<string, unknown>,
    lifeMs: number,
  ): Promise<IssuedToken> {
    const issuedAt = Math.floor(clock.now() / 1000);
    const expiresAt = issuedAt + Math.floor(lifeMs / 1000);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid: signing?.kid ?? "", typ })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setJti(randomSecret(random, 12))
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(signingSecret);
    return { token, expiresAt: expiresAt * 1000 };
  }

  return {
    issueUser: ({ userId, accountId, role, sessionId }) =>
      sign("user+jwt", String(userId), { AccountId: accountId, role, sid: sessionId }, accessTokenLifeMs),

    issueDevice: ({ deviceId, accountId }) =>
      sign("device+jwt", `device-${deviceId}`, { AccountId: accountId, DeviceId: deviceId }, deviceTokenLifeMs),

    async verify(token) {
      if (token.length > maximumTokenLength) return null;
      try {
        const header = decodeProtectedHeader(token);
        if (Object.keys(header).some((name) => !knownHeaders.has(name))) return null;
        const secret = secrets.get(header.kid ?? "");
        if (secret === undefined) return null;
        const { payload } = await jwtVerify(token, secret, {
          algorithms: [algorithm],
          issuer,
          audience,
          clockTolerance: leewayMs / 1000,
          currentDate: new Date(clock.now()),
          requiredClaims: ["sub", "exp", "iat", "AccountId"],
        });
        const expiresAt = (payload.exp ?? 0) * 1000;
        const accountId = integer(payload["AccountId"]);
        if (header.typ === "device+jwt") {
          return { kind: "device", accountId, deviceId: integer(payload["DeviceId"]), expiresAt };
        }
        if (header.typ !== "user+jwt" || payload["DeviceId"] !== undefined) return null;
        return {
          kind: "user",
          accountId,
          userId: integer(Number(payload.sub)),
          role: role.parse(payload["role"]),
          sessionId: String(payload["sid"]),
          expiresAt,
        };
      } catch {
        return null;
      }
    },
  };
}

function integer(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) throw new Error("not an id");
  return value;
}
