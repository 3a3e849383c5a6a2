import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isoTime } from "../clock.ts";
import { type Random, randomSecret } from "../random.ts";
import { SettingsError } from "../settings/settings-error.ts";
import { newTokenKey, rotateKeys } from "./rotate-keys.ts";

const secret = z.string().min(40);
const keyFile = z.object({
  /** The first signs; all verify. Two live during a rotation. */
  tokenKeys: z.array(z.object({ kid: z.string().min(1), secret, createdAt: z.iso.datetime().optional() })).min(1),
  refreshKey: secret,
  pairingKey: secret,
});

export type SigningKeys = z.output<typeof keyFile>;

const newSigningKeys = (random: Random, now: number): SigningKeys => ({
  tokenKeys: [{ ...newTokenKey(random), createdAt: isoTime(now) }],
  refreshKey: randomSecret(random),
  pairingKey: randomSecret(random),
});

/** The keys of this data directory, made at the first start and rotated by their age; readable by the owner alone. */
export async function loadSigningKeys(dataDir: string, random: Random, now: number): Promise<SigningKeys> {
  const path = join(dataDir, "signing-keys.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new SettingsError("DATA_DIR", `cannot read ${path}: ${error.code ?? error.message}`);
  });
  const known = text === null ? null : parseKeys(path, text);
  const keys = known === null ? newSigningKeys(random, now) : rotateKeys(known, now, random);
  if (keys !== known) await writeKeys(path, keys, random);
  return keys;
}

async function writeKeys(path: string, keys: SigningKeys, random: Random): Promise<void> {
  const draft = `${path}.${randomSecret(random, 6)}`;
  try {
    await writeFile(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    throw new SettingsError(
      "DATA_DIR",
      `cannot write ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
}

function parseKeys(path: string, text: string): SigningKeys {
  try {
    return keyFile.parse(JSON.parse(text));
  } catch {
    throw new SettingsError(
      "DATA_DIR",
      `${path} is damaged. Restore it from a backup; or move it away: everybody then signs in again and every phone pairs again.`,
    );
  }
}
