import { join } from "node:path";
import type { Settings } from "../settings/settings.ts";
import type { Database, DatabaseLogger } from "./database.ts";
import { openPostgres } from "./postgres/open.ts";
import { openSqlite } from "./sqlite/open.ts";

/** The store that the settings name: PostgreSQL, or a file in the data folder. DatabaseOpenError says why there is none. */
export function openDatabase(
  { databaseUrl, dataDir }: Pick<Settings, "databaseUrl" | "dataDir">,
  logger: DatabaseLogger,
): Promise<Database> {
  if (databaseUrl !== null) return openPostgres({ url: databaseUrl, logger });
  return openSqlite({ file: join(dataDir, "dsp-fleet.sqlite"), logger });
}
