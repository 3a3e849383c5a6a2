import { describe, expect, test } from "vitest";
import { planFleet } from "./fleet.ts";

describe("a fleet on paper", () => {
  const fleet = planFleet(1_000, 7);

  test("is the same for the same seed, and another for another", () => {
    expect(planFleet(1_000, 7)).toEqual(fleet);
    expect(planFleet(1_000, 8)[0]?.identifier).not.toBe(fleet[0]?.identifier);
  });

  test("keeps its vans when it grows: only the width of the number changes", () => {
    const few = planFleet(12, 7);
    expect(few.map(({ key, identifier }) => [key, identifier])).toEqual(
      fleet.slice(0, 12).map(({ key, identifier }) => [key, identifier]),
    );
    expect(few[2]?.name).toBe("Van 03");
  });

  test("has names, keys and plates that tell its vans apart", () => {
    for (const name of ["name", "key", "identifier"] as const) {
      expect(new Set(fleet.map((van) => van[name])).size).toBe(1_000);
    }
    for (const { identifier } of fleet) expect(identifier).toMatch(/^\d{4} [B-DF-HJ-NPR-TV-Z]{3}$/);
  });
});
