/** The accounts of the bench by how many vans they have: one after the other is looked at, and drives meanwhile. */
export const fleets = [0, 12, 1_000, 5_000] as const;
export type Fleet = (typeof fleets)[number];

export const screen = { width: 1440, height: 900 } as const;

/**
 * Where all vans drive: as wide as the dashboard shows at zoom 13, the first at which each of 1,000 stands for itself.
 * So the map opens with all of them in sight, and one press of "Zoom out" folds them into circles.
 */
export const box = { west: 2.124, east: 2.197, south: 41.377, north: 41.417 } as const;

/** Seconds from a van's report to its next. */
export const reportEvery = 5;
export const speedMps = 9;

export const dispatcher = (fleet: Fleet) => ({
  email: `ana-${fleet}@bench.example`,
  password: "a good password",
  displayName: "Ana",
  accountName: `Fleet of ${fleet}`,
  country: "ES",
  timezone: "Europe/Madrid",
});
