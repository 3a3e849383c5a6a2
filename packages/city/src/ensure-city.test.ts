import { createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CityFile, ensureCity } from "./ensure-city.ts";
import { temporaryFolder, tgzOf } from "./testing-files.ts";

const CONTENT = randomBytes(20_000);

const FILE: CityFile = {
  packageSpec: "a-city@1.0.0",
  packedBytes: 20_000,
  entry: "package/city.mbtiles",
  bytes: CONTENT.length,
  sha256: createHash("sha256").update(CONTENT).digest("hex"),
  cacheName: "city.mbtiles",
};

/** A stand-in for npm that notes each start and then runs `script`; `$TGZ` is a package with the city in it. */
const startWorld = async (script: string, content: Uint8Array = CONTENT) => {
  const folder = await temporaryFolder();
  const tgz = join(folder.path, "source.tgz");
  const npm = join(folder.path, "npm");
  const starts = join(folder.path, "starts");
  await writeFile(tgz, tgzOf({ "package/readme": randomBytes(10), [FILE.entry]: content }));
  await writeFile(npm, `#!/bin/sh\necho "$@" >> "${starts}"\nTGZ="${tgz}"\n${script}\n`);
  await chmod(npm, 0o755);
  const cacheDir = join(folder.path, "cache", "city");
  const said: string[] = [];
  return {
    cacheDir,
    said,
    starts: async () => (await readFile(starts, "utf8").catch(() => "")).split("\n").filter(Boolean),
    ensure: (more: { npm?: string; cacheDir?: string; signal?: AbortSignal } = {}) =>
      ensureCity({ file: FILE, cacheDir, npm, log: (text) => said.push(text), ...more }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
};

test("the first call fetches, checks and says so; the second returns the same file at once", async () => {
  await using world = await startWorld('cp "$TGZ" ./a-city-1.0.0.tgz');
  const path = await world.ensure();
  expect((await readFile(path)).equals(CONTENT)).toBe(true);
  expect(world.said.join("\n")).toMatch(/Fetching the city map.*\n.*ready/);
  expect(await world.ensure()).toBe(path);
  expect(await world.starts()).toEqual([expect.stringMatching(/^pack .*a-city@1\.0\.0$/)]);
  expect(await readdir(world.cacheDir)).toEqual([FILE.cacheName]);
});

test("callers at the same time share one fetch", async () => {
  await using world = await startWorld('sleep 0.3; cp "$TGZ" ./a.tgz');
  const paths = await Promise.all([world.ensure(), world.ensure(), world.ensure()]);
  expect(new Set(paths).size).toBe(1);
  expect(await world.starts()).toHaveLength(1);
});

test("what a killed fetch left long ago is cleared away, a running one is left alone", async () => {
  await using world = await startWorld('cp "$TGZ" ./a.tgz');
  const [old, fresh] = [join(world.cacheDir, "fetch-old"), join(world.cacheDir, "fetch-new")];
  for (const folder of [old, fresh]) await mkdir(folder, { recursive: true });
  await utimes(old, 0, 0);
  await world.ensure();
  expect((await readdir(world.cacheDir)).toSorted()).toEqual([FILE.cacheName, "fetch-new"]);
});

test("a file that is not the expected one is refused and not kept", async () => {
  await using world = await startWorld('cp "$TGZ" ./a.tgz', randomBytes(CONTENT.length));
  await expect(world.ensure()).rejects.toMatchObject({ name: "CityError", code: "bad-checksum" });
  expect(await readdir(world.cacheDir)).toEqual([]);
});

test("without a network the error repeats npm's reason, and a later call tries again", async () => {
  await using world = await startWorld('echo "npm error network getaddrinfo ENOTFOUND registry" >&2; exit 1');
  const failure = { code: "download-failed", message: expect.stringContaining("getaddrinfo ENOTFOUND registry") };
  await expect(world.ensure()).rejects.toMatchObject(failure);
  await expect(world.ensure()).rejects.toMatchObject(failure);
  expect(await world.starts()).toHaveLength(2);
});

test("without npm the error says that npm is missing", async () => {
  await using world = await startWorld("");
  const npm = join(world.cacheDir, "no-such-npm");
  await expect(world.ensure({ npm })).rejects.toMatchObject({ code: "npm-missing" });
});

test("a cache folder that cannot be made is a disk error that names the setting", async () => {
  await using world = await startWorld("");
  await writeFile(join(world.cacheDir, "..", "..", "blocked"), "");
  const cacheDir = join(world.cacheDir, "..", "..", "blocked", "city");
  const failure = { code: "disk", message: expect.stringContaining("DSP_FLEET_CACHE") };
  await expect(world.ensure({ cacheDir })).rejects.toMatchObject(failure);
});

test("an abort ends npm, rejects with the signal's reason and leaves nothing behind", async () => {
  await using world = await startWorld("exec sleep 20");
  const stop = new AbortController();
  const pending = world.ensure({ signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 100);
  await expect(pending).rejects.toThrow("enough");
  expect(await readdir(world.cacheDir)).toEqual([]);
});
