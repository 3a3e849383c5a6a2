import type { Database } from "../../database.ts";
import { silent } from "../../testing.ts";
import { openPostgres } from "../open.ts";
import { aTestDatabase } from "./test-databases.ts";

/** A database of its own for a test, gone when it is closed. */
export async function aPostgresDatabase(): Promise<Database> {
  const place = await aTestDatabase();
  const database = await openPostgres({ url: place.url, logger: silent });
  let closing: Promise<void> | undefined;
  const close = async () => {
    await database.close();
    await place[Symbol.asyncDispose]();
  };
  return Object.create(database, {
    close: { value: () => (closing ??= close()) },
    [Symbol.asyncDispose]: { value: () => (closing ??= close()) },
  }) as Database;
}
