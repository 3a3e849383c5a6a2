import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { aProject } from "../checks/a-project.ts";

/** Runs a project's tests in a process of its own, as vitest does not run within itself. */
const tallyOf = async (root: string): Promise<unknown> => {
  const runVitest = new URL("./run-vitest.ts", import.meta.url).href;
  const script = `
    import { runVitest } from ${JSON.stringify(runVitest)};
    const tally = { passed: 0, failed: 0, failures: [], notRun: [] };
    await runVitest(${JSON.stringify(root)}, tally, { show() {}, print() {} },
      [{ project: "postgres", reason: "no server here", folder: "apps/server/src/database/postgres" }]);
    console.log("\\n" + JSON.stringify(tally));
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { PATH: process.env["PATH"] },
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
};

const aTest = (body: string): string => `import { expect, test } from "vitest";\n${body}\n`;

test("every case is counted, and what failed, broke, or did not run is named", async () => {
  await using project = await aProject();
  await project.write("scripts/a.test.ts", aTest(`test("holds", () => expect(1).toBe(1));`));
  await project.write("tests/stories/a.test.ts", aTest(`test("breaks", () => expect(1).toBe(2));`));
  await project.write(
    "packages/contract/src/a.test.ts",
    aTest(`test("needs a database", (context) => context.skip("no database here"));`),
  );
  await project.write("packages/contract/src/b.test.ts", `import "./nowhere.ts";\n`);
  await project.write("apps/server/src/database/postgres/a.test.ts", aTest(`test("is left out", () => {});`));
  await project.write("docs/a.test.ts", aTest(`test("is out of sight", () => {});`));

  expect(await tallyOf(project.root)).toEqual({
    passed: 2,
    failed: 5,
    failures: expect.arrayContaining([
      "stories  tests/stories/a.test.ts > breaks",
      "unit  packages/contract/src/b.test.ts",
      "simulation: ran no test",
      "browser: ran no test",
      "docs/a.test.ts: no vitest project runs it",
    ]),
    notRun: [
      "postgres  every test: no server here",
      "unit  packages/contract/src/a.test.ts > needs a database: no database here",
    ],
  });
});
