import { pairingCodeAlphabet, pairingCodeLength } from "@dsp-fleet/contract";

export type CodeEntry = {
  /** Upper case, at most as long as a code. */
  readonly code: string;
  /** The first character that no code has, as it was typed; null when there was none. */
  readonly odd: string | null;
};

/** What a person typed or pasted → the code in it. Case, blanks, hyphens and dots do not matter. */
export function readCode(entry: string): CodeEntry {
  let code = "";
  let odd: string | null = null;
  for (const character of entry.normalize("NFKC").toUpperCase()) {
    if (pairingCodeAlphabet.includes(character)) code += character;
    else if (/[\p{L}\p{N}]/u.test(character)) odd ??= character;
  }
  return { code: code.slice(0, pairingCodeLength), odd };
}

export const missingCharacters = (code: string): number => Math.max(0, pairingCodeLength - code.length);
