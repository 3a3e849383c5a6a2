import { join, resolve } from "node:path";

const PROJECT_ROOT = resolve(import.meta.dirname, "../../..");

/** Where the city is kept: `$DSP_FLEET_CACHE/city`, else `.cache/city` in the project's root. */
export const cityCacheDir = (env: NodeJS.ProcessEnv = process.env): string => {
  const base = env["DSP_FLEET_CACHE"];
  return base === undefined || base === "" ? join(PROJECT_ROOT, ".cache", "city") : join(resolve(base), "city");
};
