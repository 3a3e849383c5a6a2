/** What every subject serves: the same accounts, vans and dashboards, the same report and the same news of it. */
export const shape = {
  accounts: 400,
  dashboardsPerAccount: 3,
  vansPerAccount: 5,
} as const;

export const vanCount = shape.accounts * shape.vansPerAccount;
export const dashboardCount = shape.accounts * shape.dashboardsPerAccount;

export type SubjectName = "dsp-fleet" | "ws" | "socket.io";

/** How a client of a subject finds it; `vanTokens[i]` belongs to account `i % accounts`, `dashboardTokens[i]` too. */
export type Listening = { port: number; vanTokens: string[]; dashboardTokens: string[] };

/** What a parent asks a subject's process, and what comes back. */
export type Ask = "usage" | "memory" | "stop";
export type Usage = {
  cpuMicroseconds: number;
  mainThreadMicroseconds: number;
  reports: number;
  rssBytes: number;
  heapBytes: number;
};

/** A report's time of sending rides in its longitude: microseconds of a 100 s wheel, so that every subject carries it alike. */
const wheelMs = 100_000;
export const toLongitude = (ms: number): number => Math.round((ms % wheelMs) * 1_000) / 1_000_000;
export function ageMs(longitude: number, now: number): number {
  const age = (now % wheelMs) - longitude * 1_000;
  return age < -wheelMs / 2 ? age + wheelMs : age;
}
