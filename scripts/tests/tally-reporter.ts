import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import type { Progress } from "./progress.ts";
import type { Tally } from "./tally.ts";

/** Counts the test cases of a vitest run into `tally`, shows how far it is, and shows each failure as it happens. */
export const tallyReporter = (tally: Tally, progress: Progress, projects: readonly string[]): Reporter => {
  const fail = (name: string, errors: readonly SerializedError[]): void => {
    tally.failed += 1;
    tally.failures.push(name);
    progress.print([`✗ ${name}`, ...errors.map(errorText)].join("\n"));
  };
  const ran = new Map(projects.map((name) => [name, 0]));

  return {
    onTestCaseResult(test: TestCase) {
      const name = `${test.project.name}  ${test.module.relativeModuleId} > ${test.fullName}`;
      const result = test.result();
      ran.set(test.project.name, (ran.get(test.project.name) ?? 0) + 1);
      if (result.state === "passed") tally.passed += 1;
      if (result.state === "failed") fail(name, result.errors);
      if (result.state === "skipped") tally.notRun.push(`${name}: ${result.note ?? "no reason given"}`);
      progress.show(`${tally.passed} passed, ${tally.failed} failed  ${name}`);
    },
    onTestModuleEnd(module: TestModule) {
      const { duration } = module.diagnostic();
      if (module.errors().length > 0) fail(`${module.project.name}  ${module.relativeModuleId}`, module.errors());
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) fail(`${module.project.name}  ${suite.fullName}`, suite.errors());
      }
      const sign = module.ok() ? "✓" : "✗";
      const count = [...module.children.allTests()].length;
      const where = `${module.project.name.padEnd(8)} ${module.relativeModuleId}`;
      progress.print(`${sign} ${where}  ${count} ${count === 1 ? "test" : "tests"}, ${(duration / 1000).toFixed(1)} s`);
    },
    onTestRunEnd(_modules, unhandled, reason) {
      for (const error of unhandled) fail("an error that no test caught", [error]);
      if (reason === "interrupted") fail("the run was interrupted", []);
      for (const [project, count] of ran) if (count === 0) fail(`${project}: ran no test`, []);
    },
  };
};

/** An error as a reader needs it: where it came from, how the values differ, and what caused it. */
const errorText = (error: SerializedError): string => {
  const diff: unknown = error["diff"];
  const cause: unknown = error["cause"];
  return [
    error.stack ?? `${error.name ?? "Error"}: ${error.message}`,
    ...(typeof diff === "string" ? [diff] : []),
    ...(isError(cause) ? [`caused by ${errorText(cause).trimStart()}`] : []),
  ]
    .join("\n")
    .replace(/^/gm, "    ");
};

const isError = (value: unknown): value is SerializedError =>
  typeof value === "object" && value !== null && "message" in value;
