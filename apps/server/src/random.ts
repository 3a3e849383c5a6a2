import { randomBytes } from "node:crypto";

/** Secure random bytes, handed in. */
export type Random = (length: number) => Uint8Array;

export const systemRandom: Random = (length) => randomBytes(length);

/** `length` random bytes as base64url: what a secret looks like on the wire. */
export function randomSecret(random: Random, length = 32): string {
  return Buffer.from(random(length)).toString("base64url");
}
