import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repository } from "../lib/run.ts";
import { dependenciesOf, readWorkspaces } from "../lib/workspaces.ts";

/** A small project in a temporary folder, under the real settings of this repository, in which every gate passes. */
export type Project = AsyncDisposable & {
  root: string;
  write: (path: string, text: string) => Promise<void>;
  read: (path: string) => Promise<string>;
  /** Brings package-lock.json in step with the package.json files. */
  relock: () => Promise<void>;
};

const settings = [
  ".gitignore",
  ".oxlintrc.json",
  "apps/dashboard/tsconfig.json",
  "biome.json",
  "knip.json",
  "tsconfig.base.json",
  "tsconfig.json",
  "vitest.config.ts",
];

const packageJson = (fields: object): string => `${JSON.stringify(fields, null, 2)}\n`;

const files: Record<string, string> = {
  "package.json": `{
  "name": "a-project",
  "version": "0.1.0",
  "type": "module",
  "workspaces": ["packages/*", "apps/*"],
  "devDependencies": { "@types/node": "26.6.6", "vitest": "5.1.1" }
}
`,
  "packages/contract/package.json": packageJson({
    name: "@dsp-fleet/contract",
    version: "0.1.0",
    type: "module",
    exports: { ".": "./src/index.ts" },
    dependencies: { zod: "4.6.7" },
  }),
  "packages/contract/src/index.ts": `import { z } from "zod";

/** The number of a device. */
export const deviceId = z.int().positive();
`,
  "packages/signalr/package.json": packageJson({
    name: "@dsp-fleet/signalr",
    version: "0.1.0",
    type: "module",
    exports: { ".": "./src/index.ts" },
  }),
  "packages/signalr/src/index.ts": `export { listen } from "./node/listen.ts";
`,
  "packages/signalr/src/node/listen.ts": `import { createServer, type Server } from "node:http";

/** Starts on a free port. */
export const listen = (): Server => createServer().listen(0);
`,
  "apps/server/package.json": packageJson({
    name: "@dsp-fleet/server",
    version: "0.1.0",
    type: "module",
    exports: { ".": "./src/main.ts" },
    dependencies: { "@dsp-fleet/contract": "0.1.0", "@dsp-fleet/signalr": "0.1.0" },
  }),
  "apps/server/src/main.ts": `import { deviceId } from "@dsp-fleet/contract";
import { listen } from "@dsp-fleet/signalr";

export const server = listen();
export const first = deviceId.parse(1);
`,
  "apps/server/src/main.test.ts": `import { expect, test } from "vitest";
import { first } from "./main.ts";

test("the first device has the number 1", () => {
  expect(first).toBe(1);
});
`,
  "tests/lib/postgres-setup.ts": `/** Starts a server for the tests. */
export const setup = (): void => undefined;
`,
  "apps/dashboard/package.json": packageJson({
    name: "@dsp-fleet/dashboard",
    version: "0.1.0",
    type: "module",
    exports: { ".": "./src/main.ts" },
    devDependencies: { vite: "8.3.8" },
  }),
  "apps/dashboard/vite.config.ts": `import { defineConfig } from "vite";

export default defineConfig({});
`,
  "apps/dashboard/src/main.ts": `document.title = "Fleet";
`,
};

export const aProject = async (): Promise<Project> => {
  const root = await mkdtemp(join(tmpdir(), "a-project-"));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  for (const path of settings) await cp(join(repository, path), join(root, path), { recursive: true });
  for (const [path, text] of Object.entries(files)) await write(path, text);
  await linkModules(root);
  const relock = async (): Promise<void> => write("package-lock.json", await lockOf(root));
  await relock();
  return {
    root,
    write,
    read: (path) => readFile(join(root, path), "utf8"),
    relock,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
};

/** What the project's package.json files ask for, out of what is installed here, and its own workspaces. */
const linkModules = async (root: string): Promise<void> => {
  const modules = join(root, "node_modules");
  const link = async (name: string, target: string): Promise<void> => {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(target, join(modules, name));
  };
  const workspaces = await readWorkspaces(root);
  const own = new Map(workspaces.map(({ folder, manifest }) => [manifest.name, join(root, folder)]));
  const asked = new Set(workspaces.flatMap(({ manifest }) => dependenciesOf(manifest).map(({ name }) => name)));
  for (const name of asked) await link(name, own.get(name) ?? join(repository, "node_modules", name));
};

/** The lock as npm would write it, as far as the gates read it: every package directly below the root. */
const lockOf = async (root: string): Promise<string> => {
  const workspaces = await readWorkspaces(root);
  const packages: Record<string, object> = {};
  for (const { folder, manifest } of workspaces) {
    const { name, version, workspaces: patterns, ...rest } = manifest;
    const kept = Object.fromEntries(Object.entries(rest).filter(([field]) => field.endsWith("ependencies")));
    packages[folder] = { name, version, ...(patterns === undefined ? {} : { workspaces: patterns }), ...kept };
    if (folder !== "") packages[`node_modules/${name}`] = { resolved: folder, link: true };
    for (const dependency of dependenciesOf(manifest)) {
      packages[`node_modules/${dependency.name}`] ??= { version: dependency.version, integrity: "sha512-x" };
    }
  }
  return packageJson({ name: "a-project", lockfileVersion: 3, packages });
};
