import { NoPostgres, startCluster } from "../../apps/server/src/database/postgres/testing/cluster.ts";
import type { LeftOut } from "./run-vitest.ts";

/** What the tests on PostgreSQL run on: the server that TEST_DATABASE_URL names, or a private one; where there is none, why. */
export const startPostgres = async (): Promise<{ leftOut: LeftOut[]; stop(): Promise<void> }> => {
  if (process.env["TEST_DATABASE_URL"]) return { leftOut: [], stop: async () => undefined };
  try {
    const cluster = await startCluster();
    process.env["TEST_DATABASE_URL"] = cluster.url;
    return { leftOut: [], stop: async () => cluster[Symbol.asyncDispose]() };
  } catch (error) {
    if (!(error instanceof NoPostgres)) throw error;
    const leftOut = { project: "postgres", reason: error.message, folder: "apps/server/src/database/postgres" };
    return { leftOut: [leftOut], stop: async () => undefined };
  }
};
