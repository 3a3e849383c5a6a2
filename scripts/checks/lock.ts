import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { dependenciesOf, dependencyKinds, type Manifest, readWorkspaces, type Workspace } from "../lib/workspaces.ts";
import type { Finding, Gate } from "./gate.ts";

type Entry = Manifest & { link?: boolean; resolved?: string; integrity?: string; hasInstallScript?: boolean };
type Entries = Record<string, Entry>;

const at = "package-lock.json";

/** package-lock.json says what the package.json files say, and `npm ci` works from it on every platform. */
export const lock: Gate = async (root) => {
  const { packages = {} } = JSON.parse(await readFile(join(root, at), "utf8")) as { packages?: Entries };
  if (Object.keys(packages).length === 0) return [{ at, says: "holds no packages" }];
  const workspaces = await readWorkspaces(root);
  return [
    ...workspaces.flatMap((workspace) => stepFindings(workspace, packages)),
    ...strangers(workspaces, packages),
    ...Object.entries(packages).flatMap(([path, entry]) => entryFindings(path, entry, packages)),
  ];
};

const stepFindings = ({ folder, manifest }: Workspace, packages: Entries): Finding[] => {
  const entry = packages[folder];
  if (entry === undefined) return [{ at, says: `has no entry for ${folder}` }];
  const fields = ["name", "version", "workspaces", "engines", ...dependencyKinds] as const;
  const changed = fields
    .filter((field) => !isDeepStrictEqual(entry[field], manifest[field]))
    // npm leaves the name out where the folder says it already.
    .filter((field) => field !== "name" || entry.name !== undefined)
    .map((field) => ({ at, says: `${field} differs from ${join(folder, "package.json")}: run npm install` }));
  const missing = dependenciesOf(manifest)
    .filter(({ kind }) => kind !== "peerDependencies")
    .flatMap(({ name, version }) => {
      const found = installedFor(folder, name, packages);
      if (found === undefined) return [{ at, says: `lacks ${name}, which ${folder || "the root"} needs` }];
      return found.version === version || found.link === true
        ? []
        : [{ at, says: `holds ${name} ${found.version} where ${folder || "the root"} wants ${version}` }];
    });
  return [...changed, ...missing];
};

/** Workspaces that the lock still knows and the repository no longer has. */
const strangers = (workspaces: readonly Workspace[], packages: Entries): Finding[] => {
  const folders = new Set(workspaces.map(({ folder }) => folder));
  return Object.keys(packages)
    .filter((path) => !path.includes("node_modules/") && !folders.has(path))
    .map((path) => ({ at, says: `knows a workspace ${path} that does not exist` }));
};

const entryFindings = (path: string, entry: Entry, packages: Entries): Finding[] => {
  const findings: Finding[] = [];
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (installedFor(path, name, packages) === undefined) {
      findings.push({ at, says: `${path || "the root"} names the optional ${name}, which has no entry of its own` });
    }
  }
  if (!path.includes("node_modules/") || entry.link === true) return findings;
  if (entry.integrity === undefined) findings.push({ at, says: `${path} has no integrity` });
  if (entry.hasInstallScript === true) findings.push({ at, says: `${path} runs a script when it is installed` });
  // Without addresses the lock installs from whatever registry npm is set to; the integrity says what must arrive.
  if (entry.resolved !== undefined) {
    findings.push({ at, says: `${path} is bound to one address, ${entry.resolved}` });
  }
  return findings;
};

/** The entry that `name` resolves to from the package at `path`: the nearest node_modules on the way up. */
const installedFor = (path: string, name: string, packages: Entries): Entry | undefined => {
  const parts = path === "" ? [] : path.split("/");
  for (let length = parts.length; length >= 0; length -= 1) {
    if (parts[length - 1] === "node_modules") continue;
    const found = packages[[...parts.slice(0, length), "node_modules", name].join("/")];
    if (found !== undefined) return found;
  }
  return undefined;
};
