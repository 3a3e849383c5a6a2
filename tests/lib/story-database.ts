import { aTestDatabase, type TestDatabase } from "@dsp-fleet/server/testing";

/** Where the stories of this run keep their rows: a PostgreSQL database, or null for SQLite in the data folder. */
export const storyDatabase = async (): Promise<TestDatabase | null> =>
  process.env["STORIES_ON"] === "postgres" ? aTestDatabase() : null;
