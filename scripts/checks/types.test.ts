import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { aProject } from "./a-project.ts";
import { types } from "./types.ts";

const parts = [
  "packages/contract/src/in-package.ts",
  "apps/server/src/in-server.test.ts",
  "tests/stories/in-stories.test.ts",
  "bench/in-bench.ts",
  "scripts/in-scripts.ts",
  "root.config.ts",
  "apps/dashboard/vite.config.ts",
  "apps/dashboard/src/in-dashboard.tsx",
];

describe("types", () => {
  test("a wrong type is found in every part of the repository", async () => {
    await using project = await aProject();
    for (const part of parts) await project.write(part, `export const text: string = 7;\n`);
    const said = (await types(project.root)).map(({ says }) => says).join("\n");
    expect(parts.filter((part) => !said.includes(`${basename(part)}(1,14): error TS2322`))).toEqual([]);
  });

  test("a package sees no browser, the dashboard does", async () => {
    await using project = await aProject();
    await project.write("packages/contract/src/a.ts", `export const title = document.title;\n`);
    await project.write("apps/dashboard/src/a.ts", `export const title = document.title;\n`);
    const findings = await types(project.root);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.says).toMatch(/^packages\/contract\/src\/a\.ts.*'document'[^\n]*$/);
  });
});
