import type { Kysely } from "kysely";
import type { Tables } from "./schema.ts";

/** What a query runs on: the database, or a transaction of it. */
export type Queries = Kysely<Tables>;
