import { describe, expect, test } from "vitest";
import { aProject } from "./a-project.ts";
import { versions } from "./versions.ts";

const said = async (fields: object): Promise<string[]> => {
  await using project = await aProject();
  const manifest = { name: "@dsp-fleet/signalr", version: "0.1.0", ...fields };
  await project.write("packages/signalr/package.json", JSON.stringify(manifest));
  return (await versions(project.root)).map(({ at, says }) => `${at} ${says}`.trim());
};

describe("versions", () => {
  test.each(["^8.0.0", "~8.0.0", "8", "latest", "*", "file:../ws", "8.0.x"])(
    "%s is no exact version",
    async (range) => {
      expect(await said({ dependencies: { ws: range } })).toEqual([
        `packages/signalr/package.json ws "${range}" is not an exact version`,
      ]);
    },
  );

  test("one name has one version in the whole repository", async () => {
    expect(await said({ devDependencies: { zod: "4.0.0" } })).toEqual([
      "zod has more than one version: 4.6.7 in packages/contract/package.json, 4.0.0 in packages/signalr/package.json",
    ]);
  });

  test("a workspace has the root's version, and is asked for by it", async () => {
    expect(await said({ version: "0.2.0" })).toEqual(["packages/signalr/package.json is 0.2.0, the root is 0.1.0"]);
    expect(await said({ dependencies: { "@dsp-fleet/contract": "0.2.0" } })).toContain(
      "packages/signalr/package.json wants @dsp-fleet/contract 0.2.0, not 0.1.0",
    );
  });
});
