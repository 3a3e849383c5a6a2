import { expect, test } from "vitest";
import { MultiMap } from "./multi-map.ts";

test("a key holds its values until the last one is deleted", () => {
  const map = new MultiMap<object>();
  const one = {};
  const two = {};
  expect([map.add("key", one), map.add("key", one), map.add("key", two), map.add("key", two)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([...map.get("key")]).toEqual([one, two]);
  map.delete("key", one);
  expect([...map.get("key")]).toEqual([two]);
  map.delete("key", one);
  map.delete("key", two);
  map.delete("key", two);
  expect([...map.get("key")]).toEqual([]);
  expect(map.size).toBe(0);
});

test("deleting another value leaves a single one alone", () => {
  const map = new MultiMap<object>();
  const one = {};
  map.add("key", one);
  map.delete("key", {});
  expect([...map.get("key")]).toEqual([one]);
});
