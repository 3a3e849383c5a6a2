import { existsSync } from "node:fs";
import { join } from "node:path";
import { gateNames } from "./checks/gates.ts";
import { gateReport, runGates } from "./checks/run-gates.ts";
import { repository, runTool } from "./lib/run.ts";
import { progressOn } from "./tests/progress.ts";
import { runVitest } from "./tests/run-vitest.ts";
import { startPostgres } from "./tests/start-postgres.ts";
import { closingReport, emptyTally, exitCode } from "./tests/tally.ts";

// npm test: every gate, the dashboard's build, every test. Nothing is passed over: what fails early does not keep the
// rest from running, and the last line counts it all.

const progress = progressOn(process.stdout);
const tally = emptyTally();
const count = (name: string, passed: boolean): void => {
  if (passed) tally.passed += 1;
  else tally.failed += 1;
  if (!passed) tally.failures.push(name);
};

await runGates(gateNames, repository, (result) => {
  count(`gate ${result.name}`, result.findings.length === 0);
  progress.print(gateReport(result));
});

if (existsSync(join(repository, "apps/dashboard/vite.config.ts"))) {
  progress.show("building the dashboard");
  const start = performance.now();
  const { code, output } = await runTool("vite", ["build", "apps/dashboard"], repository);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  count("build of the dashboard", code === 0);
  progress.print(code === 0 ? `✓ build       ${seconds} s` : `✗ build       ${seconds} s\n${output}`);
}

progress.show("starting PostgreSQL");
const postgres = await startPostgres();
await runVitest(repository, tally, progress, postgres.leftOut);
await postgres.stop();

process.stdout.write(`\n${closingReport(tally)}`);
// A handle that some test left open must not keep the run from ending.
process.exit(exitCode(tally));
