import { createHmac } from "node:crypto";
import { normalizePairingCode, pairingCodeAlphabet, pairingCodeLength } from "@dsp-fleet/contract";
import type { Random } from "../random.ts";

/** A pairing code from a secure source, every one as likely as any other. */
export function newPairingCode(random: Random): string {
  // Bytes past the last whole multiple of the alphabet would favour its first characters.
  const usable = 256 - (256 % pairingCodeAlphabet.length);
  let code = "";
  while (code.length < pairingCodeLength) {
    for (const byte of random(pairingCodeLength)) {
      if (byte < usable && code.length < pairingCodeLength)
        code += pairingCodeAlphabet[byte % pairingCodeAlphabet.length];
    }
  }
  return code;
}

/** How codes and GUIDs are kept: without the key nobody can tell what they were. */
export type PairingDigests = { ofCode(entry: string): string; ofGuid(deviceGuid: string): string };

export const pairingDigests = (pairingKey: string): PairingDigests => {
  const digest = (kind: string, value: string) =>
    createHmac("sha256", pairingKey).update(`${kind}:${value}`).digest("base64url");
  return {
    ofCode: (entry) => digest("code", normalizePairingCode(entry)),
    ofGuid: (deviceGuid) => digest("guid", deviceGuid),
  };
};
