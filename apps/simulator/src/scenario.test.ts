import { metersBetween } from "@dsp-fleet/city/roads";
import { expect, test } from "vitest";
import { planFleet } from "./fleet.ts";
import { createScenario } from "./scenario.ts";
import { aGridTown } from "./testing-town.ts";

const [plan] = planFleet(1, 5);

test("after a restart a van is near where it was", () => {
  if (plan === undefined) throw new Error("no van");
  const town = aGridTown();
  const van = createScenario(town, 5).vehicle(plan, 0);
  for (let second = 0; second < 600; second++) van.step(1);
  const again = createScenario(town, 5).vehicle(plan, 600);
  const [before, after] = [van.truth(), again.truth()];
  expect(metersBetween(before.lat, before.lon, after.lat, after.lon)).toBeLessThan(300);
  expect(Math.abs(again.progress().stopsDone - van.progress().stopsDone)).toBeLessThanOrEqual(1);
});
