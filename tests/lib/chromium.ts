import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const run = promisify(execFile);
const cacheFolder = fileURLToPath(new URL("../../.cache/", import.meta.url));

/** SwiftShader draws WebGL on the processor, so that maps look the same with and without a graphics card. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a headless Chromium; the caller closes it. Throws, with what to install, when there is none. */
export const launchBrowser = async (): Promise<Browser> => {
  const executablePath = await chromiumPath();
  return chromium.launch({ executablePath, args: flags, env: { ...process.env, ...carriedBy(executablePath) } });
};

/**
 * The browser to test with: $CHROMIUM, else Debian's, else Playwright's own, else the one that npm carries.
 * Throws, with what to install, when there is none.
 */
export const chromiumPath = async (): Promise<string> => {
  const chosen = process.env["CHROMIUM"];
  if (chosen !== undefined && chosen !== "") {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROMIUM names ${chosen}, where there is no file.`);
  }
  const installed = ["/usr/bin/chromium", chromium.executablePath()].find((path) => path !== "" && existsSync(path));
  if (installed !== undefined) return installed;
  if (process.platform === "linux" && process.arch === "x64") return unpackCarried();
  throw new Error(
    "No Chromium found. Install one (Debian: apt-get install chromium; elsewhere: npx playwright-core install chromium) " +
      "or name it in CHROMIUM.",
  );
};

/** Unpacks the Chromium of @sparticuz/chromium once into the cache, whole or not at all. */
const unpackCarried = async (): Promise<string> => {
  const carrier = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..");
  const { version } = JSON.parse(await readFile(join(carrier, "package.json"), "utf8")) as { version: string };
  const home = join(cacheFolder, `chromium-${version}`);
  const path = join(home, "chromium");
  if (existsSync(path)) return path;

  await mkdir(cacheFolder, { recursive: true });
  const staging = await mkdtemp(join(cacheFolder, "chromium-"));
  try {
    // The package unpacks into the system's temporary folder, so it runs in a process that has its own.
    const script = `
      import chromium, { inflate } from "@sparticuz/chromium";
      await chromium.executablePath();
      await inflate(${JSON.stringify(join(carrier, "bin", "al2023.tar.br"))});`;
    await run(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: dirname(fileURLToPath(import.meta.url)),
      env: { ...process.env, TMPDIR: staging },
    });
    await writeFile(join(staging, "fonts", "fonts.conf"), fontsConfig(home));
    await rename(staging, home);
  } catch (error) {
    // Two test files may unpack at once: the first to finish wins, the other uses its result.
    if (!existsSync(path)) throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return path;
};

const fontsConfig = (home: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, "fonts", "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(home, "fonts-cache")}</cachedir>
</fontconfig>
`;

/** The libraries and fonts that lie beside an unpacked Chromium, for a machine that has none of its own. */
const carriedBy = (executablePath: string): Record<string, string> => {
  const home = dirname(executablePath);
  const libraries = join(home, "al2023", "lib");
  if (!existsSync(libraries)) return {};
  const others = process.env["LD_LIBRARY_PATH"];
  return {
    LD_LIBRARY_PATH: others === undefined || others === "" ? libraries : `${libraries}:${others}`,
    FONTCONFIG_PATH: join(home, "fonts"),
  };
};
