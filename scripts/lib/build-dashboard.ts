import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Builds the web apps when there is no build or one of its sources is newer. */
export async function buildDashboard(root: string, log: (text: string) => void): Promise<void> {
  const built = await stat(join(root, "apps/dashboard/dist/index.html")).catch(() => null);
  const sources = [
    "apps/dashboard/src",
    "apps/dashboard/index.html",
    "apps/dashboard/vite.config.ts",
    "packages/contract/src",
    "packages/fleet-client/src",
  ];
  const newest = Math.max(...(await Promise.all(sources.map((source) => newestChange(join(root, source))))));
  if (built !== null && built.mtimeMs >= newest) return;

  log("Building the dashboard (about 10 s) …");
  const vite = spawn(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), "build", "apps/dashboard"], {
    cwd: root,
    // A build is for production whoever asks for it; a test's NODE_ENV would put React's own checks into it.
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [vite.stdout, vite.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((done) => vite.on("exit", done));
  if (code !== 0) throw new Error(`The dashboard could not be built.\n${output}`);
}

async function newestChange(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path);
  return Math.max(found.mtimeMs, ...(await Promise.all(names.map((name) => newestChange(join(path, name))))));
}
