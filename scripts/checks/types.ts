import { existsSync } from "node:fs";
import { join } from "node:path";
import { readWorkspaces } from "../lib/workspaces.ts";
import { type Gate, toolGate } from "./gate.ts";

/** The TypeScript compiler over the whole repository, then over each workspace that has a tsconfig.json of its own. */
export const types: Gate = async (root) => {
  const workspaces = await readWorkspaces(root);
  const configs = workspaces
    .map(({ folder }) => (folder === "" ? "tsconfig.json" : `${folder}/tsconfig.json`))
    .filter((config) => config === "tsconfig.json" || existsSync(join(root, config)));
  const findings = [];
  for (const config of configs) findings.push(...(await toolGate("tsc", "--pretty", "false", "-p", config)(root)));
  return findings;
};
