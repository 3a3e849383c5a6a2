import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt, type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";

type Keys = { tokenKeys: [{ kid: string; secret: string }]; refreshKey: string };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Tokens that somebody made out of a good one, by what is wrong with them. */
export async function forgedTokens(dataDir: string, good: string): Promise<Record<string, string>> {
  const { tokenKeys, refreshKey } = JSON.parse(await readFile(join(dataDir, "signing-keys.json"), "utf8")) as Keys;
  const [{ kid, secret }] = tokenKeys;
  const key = Buffer.from(secret, "base64url");
  const claims = decodeJwt(good);
  const [head = "", body = "", signature = ""] = good.split(".");
  const header = JSON.parse(Buffer.from(head, "base64url").toString()) as JWTHeaderParameters;

  const sign = (change: { header?: object; claims?: JWTPayload; key?: Uint8Array } = {}) =>
    new SignJWT({ ...claims, ...change.claims })
      .setProtectedHeader({ ...header, ...change.header })
      .sign(change.key ?? key);
  const without = (claim: string) => {
    return new SignJWT({ ...claims, [claim]: undefined }).setProtectedHeader(header).sign(key);
  };
  const now = Math.floor(Date.now() / 1000);

  return {
    "an empty one": "",
    "no token at all": "nonsense",
    "alg none": `${encode({ ...header, alg: "none" })}.${body}.`,
    "alg NONE with the old signature": `${encode({ ...header, alg: "NONE" })}.${body}.${signature}`,
    "no signature": `${head}.${body}.`,
    "a changed signature": `${head}.${body}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
    "a changed claim": `${head}.${encode({ ...claims, AccountId: 2 })}.${signature}`,
    "another key": await sign({ key: Buffer.alloc(32, 7) }),
    "the key of refresh tokens": await sign({ key: Buffer.from(refreshKey, "base64url") }),
    "the key's text for its bytes": await sign({ key: Buffer.from(secret) }),
    "another kid": await sign({ header: { kid: "other" } }),
    "no kid": await sign({ header: { kid: undefined } }),
    "a kid that is a path": await sign({ header: { kid: `../${kid}` } }),
    "another HMAC": await sign({ header: { alg: "HS512" }, key: Buffer.concat([key, key]) }),
    "another typ": await sign({ header: { typ: "JWT" } }),
    "no typ": await sign({ header: { typ: undefined } }),
    "the typ of refresh tokens": await sign({ header: { typ: "refresh+jwt" } }),
    "a jku header": await sign({ header: { jku: "https://evil.example/keys" } }),
    "a jwk header": await sign({ header: { jwk: { kty: "oct", k: secret } } }),
    "an x5u header": await sign({ header: { x5u: "https://evil.example/cert" } }),
    "a crit header": `${encode({ ...header, crit: ["exp"], exp: now })}.${body}.${signature}`,
    "another issuer": await sign({ claims: { iss: "somebody" } }),
    "another audience": await sign({ claims: { aud: "somebody" } }),
    "an expiry in the past": await sign({ claims: { iat: now - 2_000, exp: now - 1_000 } }),
    "no expiry": await without("exp"),
    "no account": await without("AccountId"),
    "an account that is text": await sign({ claims: { AccountId: "1" } }),
    "account zero": await sign({ claims: { AccountId: 0 } }),
    "no role": await without("role"),
    "a role that there is not": await sign({ claims: { role: "root" } }),
    "a device's claim": await sign({ claims: { DeviceId: 1 } }),
    "a device's typ without a device": await sign({ header: { typ: "device+jwt" } }),
    "a device that is not bound": await sign({ header: { typ: "device+jwt" }, claims: { DeviceId: 4_000_000 } }),
    "a length without end": `${head}.${"A".repeat(5_000)}.${signature}`,
  };
}
