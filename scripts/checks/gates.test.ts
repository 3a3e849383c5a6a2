import { describe, expect, test } from "vitest";
import { aProject, type Project } from "./a-project.ts";
import { type GateName, gateNames } from "./gates.ts";
import { gateReport, runGates } from "./run-gates.ts";

/** For each gate one deliberate violation that breaks nothing else. */
const violations: Record<GateName, (project: Project) => Promise<void>> = {
  types: (project) => project.write("apps/dashboard/src/main.ts", `document.title = 7;\n`),
  lint: (project) =>
    project.write(
      "packages/signalr/src/index.ts",
      `export { listen } from "./node/listen.ts";\n\nexport const forget = (work: () => Promise<void>): void => {\n  work();\n};\n`,
    ),
  unused: (project) => project.write("packages/signalr/src/orphan.ts", `export const orphan = 1;\n`),
  format: (project) => project.write("apps/dashboard/src/main.ts", `document.title   =   'Fleet'\n`),
  boundaries: (project) =>
    project.write(
      "packages/signalr/src/index.ts",
      `export { request } from "node:http";\nexport { listen } from "./node/listen.ts";\n`,
    ),
  versions: async (project) => {
    const manifest = await project.read("packages/signalr/package.json");
    await project.write("packages/signalr/package.json", manifest.replace("0.1.0", "0.2.0"));
    await project.relock();
  },
  lock: async (project) => {
    const lock = await project.read("package-lock.json");
    await project.write(
      "package-lock.json",
      lock.replace(`"integrity": "sha512-x"`, `"integrity": "sha512-x", "optionalDependencies": { "on-arm": "1.0.0" }`),
    );
  },
  words: (project) => project.write("NOTES.md", ["See ", "home", "alice", "notes."].join("/")),
};

describe("the gates", () => {
  test("all pass a project that is in order", async () => {
    await using project = await aProject();
    const { names, report } = await failing(project);
    expect(names, report).toEqual([]);
  });

  test.each(gateNames)("%s alone stops its own violation", async (name) => {
    await using project = await aProject();
    await violations[name](project);
    const { names, report } = await failing(project);
    expect(names, report).toEqual([name]);
  });
});

const failing = async ({ root }: Project): Promise<{ names: GateName[]; report: string }> => {
  const results = await runGates(gateNames, root, () => {});
  const failed = results.filter(({ findings }) => findings.length > 0);
  return { names: failed.map(({ name }) => name), report: failed.map(gateReport).join("\n") };
};
