import fc from "fast-check";
import { expect, test } from "vitest";
import { metersBetween } from "./geo.ts";
import { graphOf } from "./graph.ts";
import { createNodeIndex } from "./nearest-node.ts";
import { aTown } from "./testing-towns.ts";

const lat = fc.double({ min: 41.36, max: 41.42, noNaN: true });
const lon = fc.double({ min: 2.13, max: 2.19, noNaN: true });

test("no node is nearer than the nearest, inside the town and outside of it", () => {
  fc.assert(
    fc.property(aTown, lat, lon, (graph, atLat, atLon) => {
      const found = createNodeIndex(graph).nearest(atLat, atLon);
      const all = Array.from(graph.lat, (value, node) => metersBetween(atLat, atLon, value, graph.lon[node] ?? 0));
      expect(found.meters).toBe(Math.min(...all));
      expect(all[found.node]).toBe(found.meters);
    }),
    { numRuns: 500 },
  );
});

test("in a dense quarter, too, the nearest is found across the borders of cells", () => {
  const place = fc.record({
    lat: fc.double({ min: 41.38, max: 41.384, noNaN: true }),
    lon: fc.double({ min: 2.15, max: 2.155, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 80 }), place, (nodes, at) => {
      const index = createNodeIndex(graphOf({ nodes, roads: [], stops: [] }));
      const all = nodes.map((node) => metersBetween(at.lat, at.lon, node.lat, node.lon));
      expect(index.nearest(at.lat, at.lon).meters).toBe(Math.min(...all));
    }),
    { numRuns: 1_000 },
  );
});

test("an index of some nodes only finds those", () => {
  fc.assert(
    fc.property(aTown, lat, lon, (graph, atLat, atLon) => {
      expect(createNodeIndex(graph, [0]).nearest(atLat, atLon).node).toBe(0);
    }),
  );
});
