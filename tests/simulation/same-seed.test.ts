import { expect, test } from "vitest";
import { newFile } from "./engine/store.ts";
import { runSeed } from "./run-seed.ts";

test("the same seed is the same life, to the last word that anybody wrote down", async () => {
  const first = await runSeed(7, await newFile());
  const file = await newFile();
  await runSeed(8, file);
  const second = await runSeed(7, file);
  expect(second.entries).toEqual(first.entries);
  expect(second.trace).toBe(first.trace);
});

test("another seed is another life, and every life has its share of everything", async () => {
  const file = await newFile();
  const runs = [];
  for (let seed = 1; seed <= 10; seed += 1) runs.push(await runSeed(seed, file));
  expect(new Set(runs.map(({ trace }) => trace)).size).toBe(runs.length);
  const seen = new Set(runs.flatMap(({ counts }) => Object.keys(counts)));
  for (const what of ["died", "phone-crashed", "radio", "disk", "refused", "unbind-answered", "samples-answered"])
    expect(seen).toContain(what);
});
