import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPathFinder, metersBetween, type RoadGraph, SPEED_MPS } from "@dsp-fleet/city/roads";
import { beforeAll, describe, expect, test } from "vitest";
import { depotNodes } from "../route/depots.ts";
import { createRoutePlanner } from "../route/plan-route.ts";
import { createVehicle } from "../vehicle/vehicle.ts";
import { loadCityRoads, NoRoadsError } from "./load-city-roads.ts";

/** The first run on a machine fetches 45 MB. */
const FETCH_MS = 120_000;

test("without the city the error says why, and what to do", async () => {
  const folder = await mkdtemp(join(tmpdir(), "roads-test-"));
  const failure = await loadCityRoads({ cacheDir: folder, npm: join(folder, "no-npm") }).catch(
    (error: unknown) => error,
  );
  await rm(folder, { recursive: true });
  expect(failure).toBeInstanceOf(NoRoadsError);
  expect(String(failure)).toMatch(/no-npm.*not found.*connect, then start again/);
});

describe("on the real roads", () => {
  let graph: RoadGraph;
  beforeAll(async () => {
    graph = await loadCityRoads();
  }, FETCH_MS);

  test("the depots stand at their places, and each reaches the other", () => {
    const [one = -1, other = -1] = depotNodes(graph);
    expect(createPathFinder(graph).shortestPath(one, other)?.meters).toBeGreaterThan(10_000);
    expect(createPathFinder(graph).shortestPath(other, one)?.meters).toBeGreaterThan(10_000);
  });

  test("a van delivers to one neighbourhood, does a stop every few minutes and never speeds", () => {
    const [depot = 0] = depotNodes(graph);
    const routes = createRoutePlanner({ graph, depot, seed: "van 1" });
    const { stops } = routes(0);
    expect(stops.length).toBeGreaterThanOrEqual(100);
    const first = stops[0]?.node ?? 0;
    for (const { node } of stops)
      expect(
        metersBetween(graph.lat[first] ?? 0, graph.lon[first] ?? 0, graph.lat[node] ?? 0, graph.lon[node] ?? 0),
      ).toBeLessThan(6_000);

    const van = createVehicle({ graph, finder: createPathFinder(graph), routes, seed: "van 1", start: "on-route" });
    const before = van.progress().stopsDone;
    for (let second = 0; second < 3600; second++) {
      van.step(1);
      const { edge, speedMps } = van.truth();
      expect(speedMps).toBeLessThanOrEqual(edge === null ? 0 : (SPEED_MPS[graph.edgeClass[edge] ?? 0] ?? 0));
    }
    const { tour, stopsDone } = van.progress();
    expect(tour > 0 || stopsDone - before > 8).toBe(true);
  });
});
