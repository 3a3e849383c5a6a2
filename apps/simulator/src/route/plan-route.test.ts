import { graphOf } from "@dsp-fleet/city/roads";
import { expect, test } from "vitest";
import { aGridTown } from "../testing-town.ts";
import { createRoutePlanner } from "./plan-route.ts";

const town = aGridTown();
const stopCount = { min: 20, max: 30 };

test("a tour has as many different stops as asked, each in front of a door, none at the depot", () => {
  const routes = createRoutePlanner({ graph: town, depot: 5, seed: "a", stopCount });
  for (let tour = 0; tour < 20; tour++) {
    const { depot, stops } = routes(tour);
    const nodes = stops.map(({ node }) => node);
    expect(depot).toBe(5);
    expect(stops.length).toBeGreaterThanOrEqual(20);
    expect(stops.length).toBeLessThanOrEqual(30);
    expect(new Set(nodes).size).toBe(nodes.length);
    expect(nodes).not.toContain(5);
    for (const { node, dwellSeconds } of stops) {
      expect(town.stops).toContain(node);
      expect(dwellSeconds).toBeGreaterThanOrEqual(30);
      expect(dwellSeconds).toBeLessThanOrEqual(180);
    }
  }
});

test("a tour is always the same for its seed, whichever was asked for before; other tours and seeds differ", () => {
  const routes = createRoutePlanner({ graph: town, depot: 5, seed: "a", stopCount });
  const third = routes(3);
  expect(routes(2)).not.toEqual(third);
  expect(createRoutePlanner({ graph: town, depot: 5, seed: "a", stopCount })(3)).toEqual(third);
  expect(createRoutePlanner({ graph: town, depot: 5, seed: "b", stopCount })(3)).not.toEqual(third);
});

test("where there are fewer doors than wanted, all are served", () => {
  const { stops } = createRoutePlanner({ graph: town, depot: 5, seed: "a", stopCount: { min: 900, max: 900 } })(0);
  expect(stops).toHaveLength(town.stops.length - 1);
});

test("a town without doors has no tour", () => {
  const empty = graphOf({ nodes: [{ lat: 41.38, lon: 2.15 }], roads: [], stops: [] });
  expect(() => createRoutePlanner({ graph: empty, depot: 0, seed: "a" })(0)).toThrow("nothing to pick from");
});
