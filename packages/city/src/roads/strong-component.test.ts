import fc from "fast-check";
import { expect, test } from "vitest";
import { largestStrongComponent } from "./strong-component.ts";
import { aTown, reachableFrom } from "./testing-towns.ts";

test("the kept nodes all reach one another, none could join them, and no such set is larger", () => {
  fc.assert(
    fc.property(aTown, (graph) => {
      const reach = Array.from({ length: graph.nodeCount }, (_, node) => reachableFrom(graph, node));
      const setOf = (node: number): number[] =>
        [...(reach[node] ?? [])].filter((other) => reach[other]?.has(node)).sort((a, b) => a - b);
      const marked = largestStrongComponent(graph.firstEdge, graph.edgeTarget);
      const kept = Array.from(marked.keys()).filter((node) => marked[node] === 1);
      expect(kept).toEqual(setOf(kept[0] ?? -1));
      expect(kept.length).toBe(Math.max(...reach.map((_, node) => setOf(node).length)));
    }),
  );
});
