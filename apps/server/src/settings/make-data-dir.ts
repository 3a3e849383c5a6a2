import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { SettingsError } from "./settings-error.ts";

/** Makes the folder that DATA_DIR names, with those above it; a SettingsError says why it cannot. */
export async function makeDataDir(dataDir: string): Promise<void> {
  await makeFolder(dataDir).catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError("DATA_DIR", `cannot make the folder ${dataDir}: ${error.code ?? error.message}`);
  });
}

/** Step by step: `recursive` never ends where a file system has the parent and still says that it is not there. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}
