import { locationsSpec } from "../specs/locations-spec.ts";
import { aPostgresDatabase } from "./testing/a-postgres-database.ts";

locationsSpec(aPostgresDatabase);
