import { type Random, randomSecret } from "../random.ts";
import type { SigningKeys } from "./signing-keys.ts";
import { deviceTokenLifeMs, leewayMs } from "./tokens.ts";

/** How long a key signs. Twice the life of the longest token, so that two keys verify for half of the time, and one for the rest. */
const signsForMs = 2 * deviceTokenLifeMs;

/**
 * The keys as they should be now: a fresh one signs once the newest is old enough, and one that signs no more goes when the last token
 * under it has run out. The same object when nothing changes.
 */
export function rotateKeys(keys: SigningKeys, now: number, random: Random): SigningKeys {
  const [newest] = keys.tokenKeys;
  if (newest === undefined) return keys;
  // A file from before keys had an age: they are as old as this start.
  const aged = keys.tokenKeys.map((key) => ({ ...key, createdAt: key.createdAt ?? new Date(now).toISOString() }));
  const signedSince = Date.parse(aged[0]?.createdAt ?? "");
  const isDue = now - signedSince >= signsForMs;
  const fresh = { ...newTokenKey(random), createdAt: new Date(now).toISOString() };
  const wanted = isDue ? [fresh, ...aged] : aged;
  const tokenKeys = wanted.filter((_, index) => {
    // A key stopped signing when the one before it in the list was made.
    const successor = wanted[index - 1];
    return successor === undefined || now - Date.parse(successor.createdAt) <= deviceTokenLifeMs + leewayMs;
  });
  const isSame =
    tokenKeys.length === keys.tokenKeys.length && keys.tokenKeys.every((key) => key.createdAt !== undefined);
  return isSame && !isDue ? keys : { ...keys, tokenKeys };
}

export const newTokenKey = (random: Random) => ({ kid: randomSecret(random, 6), secret: randomSecret(random) });
