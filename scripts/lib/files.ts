import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Where lies what is installed, built or kept by a run; the same names stand in .gitignore. In a git worktree `.git` is a file. */
const notOurs = new Set(["node_modules", ".git", "dist", "data", ".cache", "coverage", "test-results"]);

/** Every file of the project under `root`, as sorted paths relative to it, with `/` between the parts. */
export const filesUnder = async (root: string): Promise<string[]> => {
  const found: string[] = [];
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries) {
      if (notOurs.has(entry.name)) continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      if (entry.isFile()) found.push(path);
    }
  };
  await walk("");
  return found.toSorted();
};

/** True for TypeScript and JavaScript modules, declaration files included. */
export const isModule = (path: string): boolean => /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);

/** True for test files as every vitest project names them. */
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
