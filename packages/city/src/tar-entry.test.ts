import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readTarEntry } from "./tar-entry.ts";
import { temporaryFolder, tgzOf } from "./testing-files.ts";

const contentOf = async (path: string, entry: string): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(readTarEntry(path, entry)));

test("any file comes out of an archive byte for byte, wherever it stands", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.tgz");
  const sizes = fc.array(fc.nat({ max: 3000 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (lengths, choice) => {
      const files = Object.fromEntries(lengths.map((length, index) => [`package/f${index}`, randomBytes(length)]));
      await writeFile(path, tgzOf(files));
      const name = `package/f${choice % lengths.length}`;
      expect((await contentOf(path, name)).equals(files[name] ?? Buffer.alloc(0))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("a file larger than a stream's chunk arrives whole", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.tgz");
  const large = randomBytes(700_001);
  await writeFile(path, tgzOf({ "package/small": randomBytes(3), "package/large": large }));
  expect((await contentOf(path, "package/large")).equals(large)).toBe(true);
});

test("a missing file, a cut archive and something else altogether are a bad package", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.tgz");
  const archive = tgzOf({ "package/a": randomBytes(5000) });
  const broken = { code: "bad-package" };
  await writeFile(path, archive);
  await expect(contentOf(path, "package/b")).rejects.toMatchObject(broken);
  await writeFile(path, archive.subarray(0, archive.length / 2));
  await expect(contentOf(path, "package/a")).rejects.toMatchObject(broken);
  await writeFile(path, "not an archive");
  await expect(contentOf(path, "package/a")).rejects.toMatchObject(broken);
});
