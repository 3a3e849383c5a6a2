import { transactionsSpec } from "../specs/transactions-spec.ts";
import { aPostgresDatabase } from "./testing/a-postgres-database.ts";

transactionsSpec(aPostgresDatabase);
