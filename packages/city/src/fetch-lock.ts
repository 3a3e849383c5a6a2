import { open, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { systemCodeOf } from "./city-error.ts";

/** A holder shows that it lives this often; several times within STALE_MS, so that a busy machine is no reason to barge in. */
const TOUCH_MS = 2_000;
/** A lock that nobody touched for so long belongs to a process that is gone. */
const STALE_MS = 20_000;
const POLL_MS = 200;

const take = async (path: string): Promise<boolean> => {
  try {
    await (await open(path, "wx")).close();
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
};

const isStale = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > STALE_MS;
};

/**
 * Lets one process at a time fetch; the others wait until `done()` holds or the lock is free.
 * It saves work and is not needed for safety: two who hold it at once both write whole files by rename.
 * Returns the held lock, or null when `done()` came true while waiting.
 */
export const lockOrDone = async (
  path: string,
  done: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<AsyncDisposable | null> => {
  while (!(await take(path))) {
    if (await done()) return null;
    if (await isStale(path)) await rm(path, { force: true });
    else await wait(POLL_MS, undefined, signal ? { signal } : {});
  }
  const touching = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(touching);
      await rm(path, { force: true });
    },
  };
};
