import { openDatabase } from "@dsp-fleet/server/parts";
import { aTestDatabase, type TestDatabase, withoutAccountFilters } from "@dsp-fleet/server/testing";

const onPostgres = process.env["STORIES_ON"] === "postgres";

/** Where the stories of this run keep their rows: a PostgreSQL database, or null for SQLite in the data folder. */
export const storyDatabase = async (): Promise<TestDatabase | null> => (onPostgres ? aTestDatabase() : null);

/**
 * Opens it. On PostgreSQL the stories are told with the account filters of every account's own door taken away, so that the wall alone
 * keeps accounts apart; on SQLite the filters do.
 */
export const openStoryDatabase: typeof openDatabase = async (settings, logger) => {
  const database = await openDatabase(settings, logger);
  return settings.databaseUrl === null ? database : withoutAccountFilters(database);
};
