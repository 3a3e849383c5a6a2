import { describe, expect, test } from "vitest";
import { aProject } from "./a-project.ts";
import { boundaries } from "./boundaries.ts";

const said = async (path: string, source: string): Promise<string[]> => {
  await using project = await aProject();
  await project.write(path, source);
  return (await boundaries(project.root)).map(({ at, says }) => `${at} ${says}`);
};

describe("boundaries", () => {
  test("a leaf knows no other workspace, not even its types", async () => {
    expect(await said("packages/signalr/src/a.ts", `\nimport type { deviceId } from "@dsp-fleet/contract";\n`)).toEqual(
      ["packages/signalr/src/a.ts:2 signalr must not know contract"],
    );
  });

  test("nor does it depend on one in its package.json", async () => {
    const manifest = `{ "name": "@dsp-fleet/contract", "dependencies": { "@dsp-fleet/signalr": "0.1.0" } }`;
    expect(await said("packages/contract/package.json", manifest)).toContain(
      "packages/contract/package.json contract must not depend on @dsp-fleet/signalr",
    );
  });

  test("another workspace is entered through its exports alone", async () => {
    expect(await said("apps/server/src/a.ts", `export * from "@dsp-fleet/signalr/src/node/listen.ts";\n`)).toEqual([
      'apps/server/src/a.ts:1 "@dsp-fleet/signalr/src/node/listen.ts" is not among the exports of @dsp-fleet/signalr',
    ]);
    expect(await said("apps/server/src/a.ts", `await import("../../../packages/signalr/src/index.ts");\n`)).toEqual([
      'apps/server/src/a.ts:1 "../../../packages/signalr/src/index.ts" leaves the workspace apps/server',
    ]);
  });

  test("Node's HTTP modules are used in their own folders and in tests", async () => {
    const source = `import {\n  createServer,\n} from "node:http";\n`;
    expect(await said("apps/server/src/devices/a.ts", source)).toHaveLength(1);
    expect(await said("apps/server/src/http/a.ts", source)).toEqual([]);
    expect(await said("apps/server/src/devices/a.test.ts", source)).toEqual([]);
  });

  test("a workspace that the table does not know is a finding", async () => {
    expect(await said("packages/novel/package.json", `{ "name": "@dsp-fleet/novel" }`)).toEqual([
      'packages/novel/package.json "novel" has no row in the table of boundaries',
    ]);
  });

  test("to have read nothing is a finding", async () => {
    await using project = await aProject();
    await project.write("package.json", `{ "workspaces": ["elsewhere/*"] }`);
    expect(await boundaries(project.root)).toEqual([{ at: "", says: "read 0 modules: nothing was checked" }]);
  });
});
