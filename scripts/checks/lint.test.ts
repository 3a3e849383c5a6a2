import { expect, test } from "vitest";
import { aProject } from "./a-project.ts";
import { gates } from "./gates.ts";

/** A file for each rule that the style of this repository rests on. */
const violations: Record<string, [path: string, source: string]> = {
  "typescript(no-floating-promises)": ["floating.ts", `export const go = (f: () => Promise<void>) => { f(); };`],
  "typescript(no-misused-promises)": [
    "misused.ts",
    `export const go = (f: () => Promise<void>) => { if (f()) return; };`,
  ],
  "typescript(no-explicit-any)": ["any.ts", `export const a: any = 1;`],
  "typescript(no-non-null-assertion)": ["non-null.ts", `export const a = (b: string | null) => b!.length;`],
  "typescript(switch-exhaustiveness-check)": [
    "switch.ts",
    `export const a = (b: "x" | "y") => { switch (b) { case "x": return 1; } return 2; };`,
  ],
  "import(no-default-export)": ["default.ts", `export default 1;`],
  "import(no-cycle)": ["cycle.ts", `import "./cycle-back.ts"; export const a = 1;`],
  "eslint(no-console)": ["console.ts", `console.log("a");`],
  "eslint(no-debugger)": ["debugger.ts", `debugger;`],
  "vitest(no-focused-tests)": [
    "focused.test.ts",
    ["import { test } from 'vitest';\ntest", ".only('a', () => {});"].join(""),
  ],
  "vitest(no-disabled-tests)": [
    "disabled.test.ts",
    ["import { test } from 'vitest';\ntest", ".skip('a', () => {});"].join(""),
  ],
};

test("lint finds each fault that the style rules out", async () => {
  await using project = await aProject();
  for (const [path, source] of Object.values(violations)) await project.write(`apps/server/src/${path}`, `${source}\n`);
  await project.write("apps/server/src/cycle-back.ts", `import "./cycle.ts";\n`);
  const [finding] = await gates.lint(project.root);
  for (const [rule, [path]] of Object.entries(violations)) {
    expect(finding?.says).toMatch(new RegExp(`${RegExp.escape(rule)}[^]*?src/${RegExp.escape(path)}:`));
  }
});

test("a setting that quiets a rule for nothing is found", async () => {
  await using project = await aProject();
  const quiet = ["// oxlint-dis", "able-next-line no-console -- it is loud"].join("");
  await project.write("apps/server/src/quiet.ts", `${quiet}\nexport const a = 1;\n`);
  const [finding] = await gates.lint(project.root);
  expect(finding?.says).toContain("apps/server/src/quiet.ts:1");
});
