import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { elapsedFile } from "./elapsed.ts";

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "elapsed-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("a fleet's day goes on where the last run left it, each seed for itself", async () => {
  const folder = await aFolder();
  expect(await elapsedFile(folder, 1).read()).toBe(0);
  await elapsedFile(join(folder, "new"), 1).write(3_600.4);
  expect(await elapsedFile(join(folder, "new"), 1).read()).toBe(3_600);
  expect(await elapsedFile(join(folder, "new"), 2).read()).toBe(0);
});

test.each(["", "{", '"soon"', "-5"])("a file that makes no sense begins the day anew: %s", async (text) => {
  const folder = await aFolder();
  await writeFile(join(folder, "elapsed-1.json"), text);
  expect(await elapsedFile(folder, 1).read()).toBe(0);
});
