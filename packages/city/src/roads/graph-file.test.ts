import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeGraph, encodeGraph } from "./graph-file.ts";
import { aTown } from "./testing-towns.ts";

test("a kept graph comes back the same, wherever in memory its bytes lie", () => {
  fc.assert(
    fc.property(aTown, fc.string({ maxLength: 40 }), fc.nat({ max: 9 }), (graph, version, shift) => {
      const file = encodeGraph(graph, version);
      const shifted = new Uint8Array(file.length + shift).subarray(shift);
      shifted.set(file);
      expect(decodeGraph(shifted, version)).toEqual(graph);
    }),
  );
});

test("another version, a cut file and foreign bytes are not a graph", () => {
  fc.assert(
    fc.property(aTown, fc.uint8Array(), (graph, foreign) => {
      const file = encodeGraph(graph, "one");
      expect(decodeGraph(file, "two")).toBeNull();
      expect(decodeGraph(file.subarray(0, file.length - 1), "one")).toBeNull();
      expect(decodeGraph(foreign, "one")).toBeNull();
    }),
  );
});
