import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aProject } from "./a-project.ts";
import { words } from "./words.ts";

/** The examples are put together here from halves, so that this file has none of the words itself. */
const said = async (path: string, ...halves: string[]): Promise<string[]> => {
  await using project = await aProject();
  await project.write(path, `\n${halves.join("")}\n`);
  return (await words(project.root)).map(({ at, says }) => `${at} ${says.split(":")[0]}`);
};

describe("words", () => {
  test.each([
    ["docs/a.md", ["see ../sha", "red/notes.md"], "reaches for a folder outside the project"],
    ["src/a.ts", ['const path = "/ho', 'me/alice/fleet";'], "names a path of one machine"],
    ["src/a.test.ts", ["test.sk", 'ip("later", () => {});'], "leaves a test out"],
    ["src/a.test.ts", ["describe.on", 'ly("this", () => {});'], "leaves a test out"],
    ["src/a.test.ts", ["it.to", 'do("that");'], "leaves a test out"],
    ["src/a.test.ts", ["context.sk", "ip();"], "leaves a test out without a reason"],
    ["src/a.ts", ["// @ts-ig", "nore because"], "silences the compiler"],
    ["src/a.ts", ["// @ts-expect-", "error"], "silences the compiler without a reason"],
    [
      "src/a.ts",
      ["// oxlint-dis", "able-next-line no-console"],
      "silences the linter without a reason (rule -- reason)",
    ],
    [
      "src/a.ts",
      ["// biome-ig", "nore format"],
      ["silences the formatter without a reason (biome-ig", "nore rule"].join(""),
    ],
    ["src/key.pem.txt", ["-----BEGIN PRIV", "ATE KEY-----"], "holds a private key"],
    ["src/a.ts", ['const key = "AKIA', 'ABCDEFGHIJKLMNOP";'], "holds what looks like a secret"],
  ])("in %s %j is a finding", async (path, halves, says) => {
    expect(await said(path, ...halves)).toEqual([`${path}:2 ${says}`]);
  });

  test.each([
    ["src/a.ts", ["// oxlint-dis", "able-next-line no-console -- the first thing a user sees"]],
    ["src/a.ts", ["// @ts-expect-", "error the package has no types"]],
    ["src/a.test.ts", ["context.sk", 'ip("no PostgreSQL on this machine");']],
    ["docs/a.md", ["the address https://example.org/ho", "me/alice, the folder /var/lib/fleet"]],
  ])("in %s %j is none", async (path, halves) => {
    expect(await said(path, ...halves)).toEqual([]);
  });

  test("to have read nothing is a finding", async () => {
    const empty = await mkdtemp(join(tmpdir(), "empty-"));
    expect(await words(empty)).toEqual([{ at: "", says: "read 0 files: nothing was checked" }]);
    await rm(empty, { recursive: true });
  });
});
