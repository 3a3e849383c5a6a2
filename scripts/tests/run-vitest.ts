import { isAbsolute, join, relative } from "node:path";
import { startVitest } from "vitest/node";
import { filesUnder, isTest } from "../lib/files.ts";
import type { Progress } from "./progress.ts";
import type { Tally } from "./tally.ts";
import { tallyReporter } from "./tally-reporter.ts";

/** Every vitest project of the repository, in the order of their groups. */
const projects = ["unit", "gates", "stories", "postgres", "simulation", "browser"];

/** A project that cannot run here: why, and the folder whose tests only it would run. */
export type LeftOut = { project: string; reason: string; folder: string };

/**
 * Runs all tests under `root` into `tally`; a test file that no project runs, and a project without tests, fail. One that is left
 * out is named among what could not run.
 */
export const runVitest = async (
  root: string,
  tally: Tally,
  progress: Progress,
  leftOut: readonly LeftOut[] = [],
): Promise<void> => {
  const running = projects.filter((name) => leftOut.every(({ project }) => project !== name));
  for (const { project, reason } of leftOut) tally.notRun.push(`${project}  every test: ${reason}`);
  const testFiles = (await filesUnder(root))
    .filter(isTest)
    .filter((file) => leftOut.every(({ folder }) => !file.startsWith(`${folder}/`)));
  const reporter = tallyReporter(tally, progress, running);
  const vitest = await startVitest([], { root, run: true, watch: false, reporters: [reporter], project: running });
  const known = new Set(vitest.state.getTestModules().map(({ moduleId }) => relativeTo(root, moduleId)));
  await vitest.close();
  for (const file of testFiles) {
    if (known.has(file)) continue;
    tally.failed += 1;
    tally.failures.push(`${file}: no vitest project runs it`);
  }
};

const relativeTo = (root: string, path: string): string =>
  relative(root, isAbsolute(path) ? path : join(root, path)).replaceAll("\\", "/");
