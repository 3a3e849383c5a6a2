import { describe, expect, test } from "vitest";
import { aProject } from "./a-project.ts";
import { lock } from "./lock.ts";

type Packages = Record<string, Record<string, unknown>>;

const said = async (change: (packages: Packages) => void): Promise<string[]> => {
  await using project = await aProject();
  const parsed = JSON.parse(await project.read("package-lock.json")) as { packages: Packages };
  change(parsed.packages);
  await project.write("package-lock.json", JSON.stringify(parsed));
  return (await lock(project.root)).map(({ says }) => says);
};

const zod = "node_modules/zod";

describe("lock", () => {
  test("it says what the package.json files say", async () => {
    expect(
      await said((packages) => {
        packages["packages/contract"] = { name: "@dsp-fleet/contract", version: "0.1.0" };
      }),
    ).toEqual(["dependencies differs from packages/contract/package.json: run npm install"]);
  });

  test("it holds what a workspace needs, in the version it wants", async () => {
    expect(await said((packages) => delete packages[zod])).toEqual(["lacks zod, which packages/contract needs"]);
    expect(await said((packages) => Object.assign(packages[zod] ?? {}, { version: "4.0.0" }))).toEqual([
      "holds zod 4.0.0 where packages/contract wants 4.6.7",
    ]);
  });

  test("an optional package of another platform has its own entry, beside or above the one that names it", async () => {
    const naming = { optionalDependencies: { "on-arm": "1.0.0" } };
    const entry = { version: "1.0.0", integrity: "sha512-x", optional: true };
    expect(await said((packages) => Object.assign(packages[zod] ?? {}, naming))).toEqual([
      "node_modules/zod names the optional on-arm, which has no entry of its own",
    ]);
    for (const place of ["node_modules/on-arm", "node_modules/zod/node_modules/on-arm"]) {
      expect(
        await said((packages) => {
          Object.assign(packages[zod] ?? {}, naming);
          packages[place] = entry;
        }),
      ).toEqual([]);
    }
  });

  test("a package is bound to no address, comes whole, and runs nothing when it is installed", async () => {
    expect(
      await said((packages) =>
        Object.assign(packages[zod] ?? {}, {
          resolved: "https://elsewhere.example/zod.tgz",
          integrity: undefined,
          hasInstallScript: true,
        }),
      ),
    ).toEqual([
      "node_modules/zod has no integrity",
      "node_modules/zod runs a script when it is installed",
      "node_modules/zod is bound to one address, https://elsewhere.example/zod.tgz",
    ]);
  });

  test("it knows no workspace that is gone, and an empty lock is a finding", async () => {
    expect(
      await said((packages) => {
        packages["packages/gone"] = { version: "0.1.0" };
      }),
    ).toEqual(["knows a workspace packages/gone that does not exist"]);
    expect(await said((packages) => Object.keys(packages).forEach((path) => delete packages[path]))).toEqual([
      "holds no packages",
    ]);
  });
});
