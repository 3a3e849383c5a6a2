import { dependenciesOf, type Overrides, readWorkspaces, type Workspace } from "../lib/workspaces.ts";
import type { Finding, Gate } from "./gate.ts";

const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Every dependency pinned exactly, one version per name in the whole repository, all workspaces at one version. */
export const versions: Gate = async (root) => {
  const workspaces = await readWorkspaces(root);
  const pins = workspaces.flatMap((workspace) =>
    [...dependenciesOf(workspace.manifest), ...overridesOf(workspace.manifest.overrides)].map((pin) => ({
      ...pin,
      at: manifestOf(workspace),
    })),
  );
  const unpinned = pins
    .filter(({ version }) => !exact.test(version))
    .map(({ at, name, version }) => ({ at, says: `${name} "${version}" is not an exact version` }));
  return [...unpinned, ...disagreements(pins), ...workspaceFindings(workspaces)];
};

type Pin = { at: string; name: string; version: string };

const disagreements = (pins: readonly Pin[]): Finding[] => {
  const byName = Map.groupBy(pins, ({ name }) => name);
  return [...byName].flatMap(([name, uses]) => {
    if (new Set(uses.map(({ version }) => version)).size === 1) return [];
    const list = uses.map(({ at, version }) => `${version} in ${at}`).join(", ");
    return [{ at: "", says: `${name} has more than one version: ${list}` }];
  });
};

const workspaceFindings = (workspaces: readonly Workspace[]): Finding[] => {
  const [root, ...members] = workspaces;
  const version = root?.manifest.version;
  const own = new Set(members.map(({ manifest }) => manifest.name));
  const behind = members
    .filter(({ manifest }) => manifest.version !== version)
    .map((it) => ({ at: manifestOf(it), says: `is ${it.manifest.version}, the root is ${version}` }));
  const references = members.flatMap((it) =>
    dependenciesOf(it.manifest)
      .filter((dependency) => own.has(dependency.name) && dependency.version !== version)
      .map(({ name, version: wanted }) => ({ at: manifestOf(it), says: `wants ${name} ${wanted}, not ${version}` })),
  );
  return [...behind, ...references];
};

const overridesOf = (overrides: Overrides = {}): { name: string; version: string }[] =>
  Object.entries(overrides).flatMap(([name, value]) =>
    typeof value === "string" ? [{ name, version: value }] : overridesOf(value),
  );

const manifestOf = ({ folder }: Workspace): string => (folder === "" ? "package.json" : `${folder}/package.json`);
