import { metersBetween, type RoadGraph, SPEED_MPS } from "@dsp-fleet/city/roads";
import { expect, test } from "vitest";
import { hasNetwork } from "../road/dead-zones.ts";
import { aVan } from "../testing-fleet.ts";
import { aGridTown } from "../testing-town.ts";
import { WORST_OFFSET } from "./gps.ts";
import { ACCELERATION_MPS2, BRAKING_MPS2 } from "./leg.ts";
import type { Reading } from "./vehicle.ts";

const town = aGridTown();
const SEEDS = ["one", "two", "three", "four"];
const HOUR = 3600;
/** Coordinates are given to a tenth of a metre. */
const ROUNDING_METERS = 0.2;

const startOf = (graph: RoadGraph, edge: number): number => graph.firstEdge.findLastIndex((first) => first <= edge);

/** How far a place is from the edge's line, by the way that it adds to the edge. */
const offRoadMeters = (graph: RoadGraph, edge: number, lat: number, lon: number): number => {
  const a = startOf(graph, edge);
  const b = graph.edgeTarget[edge] ?? 0;
  const there = metersBetween(graph.lat[a] ?? 0, graph.lon[a] ?? 0, lat, lon);
  const on = metersBetween(lat, lon, graph.lat[b] ?? 0, graph.lon[b] ?? 0);
  return there + on - (graph.edgeMeters[edge] ?? 0);
};

test("the same seed drives the same way, second by second; another seed drives another", () => {
  const trace = (seed: string): Reading[] => {
    const van = aVan(town, seed);
    return Array.from({ length: HOUR }, () => van.step(1));
  };
  expect(trace("one")).toEqual(trace("one"));
  expect(trace("one")).not.toEqual(trace("two"));
});

test("asking for a reading twice gives the same and lets no time pass", () => {
  const van = aVan(town, "one", { start: "on-route" });
  const reading = van.step(400);
  expect(van.at()).toEqual(reading);
  expect(van.at()).toEqual(reading);
});

test.each(SEEDS)(
  "van %s stays on the road, keeps to the limit, sets off and brakes gently, and its fixes are no farther off than stated",
  (seed) => {
    const van = aVan(town, seed, { start: "on-route" });
    let metersDriven = 0;
    for (let second = 0; second < 2 * HOUR; second++) {
      const before = { ...van.truth() };
      const reading = van.step(1);
      const truth = van.truth();
      const limit = truth.edge === null ? 0 : (SPEED_MPS[town.edgeClass[truth.edge] ?? 0] ?? 0);
      const offRoad = truth.edge === null ? 0 : offRoadMeters(town, truth.edge, truth.lat, truth.lon);
      const moved = metersBetween(before.lat, before.lon, truth.lat, truth.lon);
      metersDriven += moved;
      expect(truth.speedMps).toBeLessThanOrEqual(limit);
      expect(truth.speedMps - before.speedMps).toBeLessThanOrEqual(ACCELERATION_MPS2 + 0.31);
      expect(before.speedMps - truth.speedMps).toBeLessThanOrEqual(2 * BRAKING_MPS2);
      expect(offRoad).toBeLessThan(0.05);
      expect(moved).toBeLessThanOrEqual(Math.max(...SPEED_MPS));
      expect(metersBetween(truth.lat, truth.lon, reading.lat, reading.lon)).toBeLessThanOrEqual(
        WORST_OFFSET * (reading.accuracyMeters + 0.05) + ROUNDING_METERS,
      );
    }
    expect(metersDriven).toBeGreaterThan(4_000);
  },
);

test.each(SEEDS)("van %s delivers all its stops, comes back to load, and sets out again", (seed) => {
  const van = aVan(town, seed);
  const seen: string[] = [];
  for (let second = 0; second < 6 * HOUR; second++) {
    van.step(1);
    const { activity, tour, stopsDone, stopsTotal } = van.progress();
    const now = `${tour} ${activity} ${activity === "loading" || activity === "to-depot" ? "" : `${stopsDone + 1}/${stopsTotal}`}`;
    if (now !== seen.at(-1)) seen.push(now);
  }
  const stops = Array.from({ length: 8 }, (_, at) => [`0 to-stop ${at + 1}/8`, `0 delivering ${at + 1}/8`]).flat();
  expect(seen.slice(0, 20)).toEqual(["0 loading ", ...stops, "0 to-depot ", "0 loading ", "1 to-stop 1/8"]);
});

test("a van stands at a stop for as long as the delivery takes", () => {
  const van = aVan(town, "one");
  let standing = 0;
  const stays: number[] = [];
  for (let second = 0; second < 3 * HOUR; second++) {
    van.step(1);
    if (van.progress().activity === "delivering") standing += 1;
    else if (standing > 0) {
      stays.push(standing);
      standing = 0;
    }
  }
  expect(stays.length).toBeGreaterThan(8);
  expect(Math.min(...stays)).toBeGreaterThanOrEqual(29);
  expect(Math.max(...stays)).toBeLessThanOrEqual(181);
});

test("the battery stays between 0 and 100, falls on the road and is filled in the depot", () => {
  for (const seed of SEEDS) {
    const van = aVan(town, seed, { stops: 100 });
    const percents = Array.from({ length: 3 * 24 * 60 }, () => van.step(60).batteryPercent);
    expect(Math.min(...percents)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...percents)).toBeLessThanOrEqual(100);
    expect(Math.min(...percents)).toBeLessThan(60);
    expect(Math.max(...percents)).toBe(100);
  }
});

test("in a dead zone and in the tunnel there is no network and the fixes get worse", () => {
  const zone = { lat: town.lat[66] ?? 0, lon: town.lon[66] ?? 0, radiusMeters: 250 };
  const van = aVan(town, "one", { deadZones: [zone], start: "on-route" });
  const accuracies: Record<"inside" | "outside", number[]> = { inside: [], outside: [] };
  for (let second = 0; second < 4 * HOUR; second++) {
    const reading = van.step(1);
    const { lat, lon, edge } = van.truth();
    const inTunnel = edge !== null && town.edgeTunnel[edge] === 1;
    expect(reading.hasNetwork).toBe(!inTunnel && hasNetwork([zone], lat, lon));
    accuracies[reading.hasNetwork ? "outside" : "inside"].push(reading.accuracyMeters);
  }
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  expect(accuracies.inside.length).toBeGreaterThan(100);
  expect(mean(accuracies.inside)).toBeGreaterThan(1.5 * mean(accuracies.outside));
});

test("the error of a standing van wanders slowly instead of jumping", () => {
  const van = aVan(town, "one");
  for (let second = 0; second < 500; second++) {
    const before = van.at();
    const after = van.step(1);
    expect(metersBetween(before.lat, before.lon, after.lat, after.lon)).toBeLessThan(8);
  }
});

test("an hour in one step is an hour of work", () => {
  const van = aVan(town, "one");
  van.step(2 * HOUR);
  const { tour, stopsDone } = van.progress();
  expect(tour * 8 + stopsDone).toBeGreaterThan(8);
});
