import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { filesUnder, isModule, isTest } from "../lib/files.ts";
import { importsOf } from "../lib/imports.ts";
import { dependenciesOf, readWorkspaces, type Workspace } from "../lib/workspaces.ts";
import type { Finding, Gate } from "./gate.ts";

const scope = "@dsp-fleet/";

/** Which other workspaces each one may know. A workspace without a row is a finding, so that the table stays whole. */
const mayKnow: Record<string, readonly string[] | "everything"> = {
  contract: [],
  signalr: [],
  city: [],
  "fleet-client": ["contract"],
  "device-sdk": ["contract", "fleet-client"],
  simulator: ["contract", "fleet-client", "device-sdk", "city"],
  dashboard: ["contract", "fleet-client"],
  server: ["contract", "signalr", "city"],
  tests: "everything",
  bench: "everything",
};

/** The only folders that speak HTTP with Node's own modules; what they offer is all that the rest knows of it. */
const httpFolders = ["packages/signalr/src/node/", "apps/server/src/http/"];
const httpModules = new Set(["node:http", "node:https", "node:http2", "http", "https", "http2"]);

/** Who may import whom, and through which door. */
export const boundaries: Gate = async (root) => {
  const workspaces = (await readWorkspaces(root)).filter(({ folder }) => folder !== "");
  const files = (await filesUnder(root)).filter(isModule);
  const findings = workspaces.flatMap(manifestFindings);
  let modules = 0;
  for (const workspace of workspaces) {
    for (const file of files.filter((path) => path.startsWith(`${workspace.folder}/`))) {
      modules += 1;
      const source = await readFile(join(root, file), "utf8");
      for (const { specifier, line } of importsOf(source)) {
        const says = wrongWith(specifier, file, workspace, workspaces);
        if (says !== undefined) findings.push({ at: `${file}:${line}`, says });
      }
    }
  }
  return modules === 0 ? [{ at: "", says: "read 0 modules: nothing was checked" }] : findings;
};

const manifestFindings = ({ folder, manifest }: Workspace): Finding[] => {
  const at = `${folder}/package.json`;
  const name = shortName(manifest.name ?? "");
  const allowed = mayKnow[name];
  if (allowed === undefined) return [{ at, says: `"${name}" has no row in the table of boundaries` }];
  return dependenciesOf(manifest)
    .filter((dependency) => dependency.name.startsWith(scope) && !allows(allowed, shortName(dependency.name)))
    .map((dependency) => ({ at, says: `${name} must not depend on ${dependency.name}` }));
};

const wrongWith = (
  specifier: string,
  file: string,
  from: Workspace,
  workspaces: readonly Workspace[],
): string | undefined => {
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(file), specifier);
    return target.startsWith(`${from.folder}/`) ? undefined : `"${specifier}" leaves the workspace ${from.folder}`;
  }
  if (httpModules.has(specifier)) {
    const free = isTest(file) || !/^(?:packages|apps)\//.test(file) || httpFolders.some((it) => file.startsWith(it));
    return free ? undefined : `"${specifier}" belongs to ${httpFolders.join(" and ")}`;
  }
  if (!specifier.startsWith(scope)) return undefined;

  const name = shortName(specifier);
  const own = shortName(from.manifest.name ?? "");
  if (name === own) return `"${specifier}" is this workspace itself: import the file`;
  if (!allows(mayKnow[own] ?? "everything", name)) return `${own} must not know ${name}`;
  const target = workspaces.find(({ manifest }) => manifest.name === scope + name);
  if (target === undefined) return `there is no workspace ${scope}${name}`;
  const door = `.${specifier.slice(scope.length + name.length)}`;
  return doorsOf(target).includes(door) ? undefined : `"${specifier}" is not among the exports of ${scope}${name}`;
};

const allows = (allowed: readonly string[] | "everything", name: string): boolean =>
  allowed === "everything" || allowed.includes(name);

const shortName = (specifier: string): string => specifier.replace(scope, "").split("/")[0] ?? "";

const doorsOf = ({ manifest: { exports } }: Workspace): string[] => {
  if (exports === undefined) return [];
  return typeof exports === "string" ? ["."] : Object.keys(exports);
};
