import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type ElapsedFile = {
  /** Seconds that the fleet has driven in all its runs; 0 at the first, or when the file cannot be read. */
  readonly read: () => Promise<number>;
  readonly write: (seconds: number) => Promise<void>;
};

/** Where a fleet notes how far its day is, so that a restart goes on from there. */
export const elapsedFile = (folder: string, seed: number): ElapsedFile => {
  const path = join(folder, `elapsed-${seed}.json`);
  return {
    async read() {
      try {
        const seconds: unknown = JSON.parse(await readFile(path, "utf8"));
        return typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0 ? seconds : 0;
      } catch {
        return 0;
      }
    },
    async write(seconds) {
      await mkdir(folder, { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify(Math.round(seconds)));
      await rename(`${path}.new`, path);
    },
  };
};
