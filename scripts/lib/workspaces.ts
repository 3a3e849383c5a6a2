import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The fields of a package.json that the gates read. */
export type Manifest = {
  name?: string;
  version?: string;
  workspaces?: string[];
  exports?: string | Record<string, unknown>;
  engines?: Record<string, string>;
  overrides?: Overrides;
} & { [kind in DependencyKind]?: Record<string, string> };

export type Overrides = { [name: string]: string | Overrides };

export type DependencyKind = (typeof dependencyKinds)[number];
export const dependencyKinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;

/** One package of the repository; the root's `folder` is empty. */
export type Workspace = { folder: string; manifest: Manifest };

/** The root and every workspace it names, in the order of the root's package.json. Throws where the root has none. */
export const readWorkspaces = async (root: string): Promise<Workspace[]> => {
  const manifest = await readManifest(root, "");
  const folders = await Promise.all((manifest.workspaces ?? []).map((pattern) => expand(root, pattern)));
  const members = folders.flat().filter((folder) => existsSync(join(root, folder, "package.json")));
  return [
    { folder: "", manifest },
    ...(await Promise.all(members.map(async (folder) => ({ folder, manifest: await readManifest(root, folder) })))),
  ];
};

const readManifest = async (root: string, folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(root, folder, "package.json"), "utf8")) as Manifest;

/** npm's patterns as this repository uses them: a folder, or a folder followed by `/*`. */
const expand = async (root: string, pattern: string): Promise<string[]> => {
  if (!pattern.endsWith("/*")) return [pattern];
  const parent = pattern.slice(0, -2);
  if (!existsSync(join(root, parent))) return [];
  const entries = await readdir(join(root, parent), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${parent}/${entry.name}`);
};

/** All dependencies of a package with the field they stand in. */
export const dependenciesOf = (manifest: Manifest): { kind: DependencyKind; name: string; version: string }[] =>
  dependencyKinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).map(([name, version]) => ({ kind, name, version })),
  );
