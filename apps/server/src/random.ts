import { randomBytes } from "node:crypto";

/** Secure random bytes, handed in. */
export type Random = (length: number) => Uint8Array;

export const systemRandom: Random = (length) => randomBytes(length);

/** A UUID of version 4. */
export function randomUuid(random: Random): string {
  const bytes = Buffer.from(random(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** `length` random bytes as base64url: what a secret looks like on the wire. */
export function randomSecret(random: Random, length = 32): string {
  return Buffer.from(random(length)).toString("base64url");
}
