import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CityError, systemCodeOf } from "./city-error.ts";

/** A slow line needs minutes for 45 MB (150 kB/s: 5 min); past that a person should look. */
const PACK_LIMIT_MS = 6 * 60_000;
/** Only the end of npm's complaints is of use in an error text. */
const STDERR_KEPT = 2_000;

/** npm as seen from here: the one that started us, else the one on the PATH. */
const npmCommand = (npm: string | undefined): { file: string; before: string[]; shell: boolean } => {
  if (npm !== undefined) return { file: npm, before: [], shell: false };
  const cli = process.env["npm_execpath"];
  if (cli?.endsWith("npm-cli.js")) return { file: process.execPath, before: [cli], shell: false };
  // npm is a .cmd on Windows, which only a shell starts; every argument below is fixed text.
  return { file: "npm", before: [], shell: process.platform === "win32" };
};

const ARGUMENTS = [
  "pack",
  "--ignore-scripts",
  "--no-workspaces",
  "--pack-destination=.",
  "--prefer-offline",
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=1000",
  "--loglevel=error",
  "--no-progress",
  "--no-update-notifier",
];

/** npm's own reason in one line: what stands after "reason:", else its first lines. */
const reasonIn = (stderr: string): string => {
  const cause = /reason: (.+)/.exec(stderr)?.[1];
  const lines = stderr.split("\n").flatMap((line) => /^npm error (.+)/.exec(line)?.[1] ?? []);
  return cause ?? (lines.slice(0, 2).join(", ") || "npm gave no reason");
};

/**
 * Runs `npm pack` in an empty folder and returns the path of the .tgz that it left there.
 * Throws CityError `npm-missing`, `download-failed` or `timed-out`; an abort rejects with the signal's reason.
 */
export const npmPack = async (
  packageSpec: string,
  folder: string,
  options: { readonly npm?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<string> => {
  const { file, before, shell } = npmCommand(options.npm);
  const limit = AbortSignal.timeout(PACK_LIMIT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const run = Promise.withResolvers<number | null>();
  const child = spawn(file, [...before, ...ARGUMENTS, packageSpec], {
    cwd: folder,
    shell,
    signal,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    stderr = (stderr + piece).slice(-STDERR_KEPT);
  });
  child.on("error", run.reject);
  child.on("close", run.resolve);
  const code = await run.promise.catch((error: unknown) => {
    options.signal?.throwIfAborted();
    if (limit.aborted) throw new CityError("timed-out", "npm took too long to fetch the city.", { cause: error });
    if (systemCodeOf(error) === "ENOENT")
      throw new CityError("npm-missing", `The city is fetched with npm, and "${file}" was not found.`, {
        cause: error,
      });
    throw error;
  });
  const packed = code === 0 ? (await readdir(folder)).find((name) => name.endsWith(".tgz")) : undefined;
  if (packed === undefined)
    throw new CityError(
      "download-failed",
      `npm could not fetch the city map (${packageSpec}): ${reasonIn(stderr)}. It needs the npm registry once; start again when it can be reached.`,
    );
  return join(folder, packed);
};
