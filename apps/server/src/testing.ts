/** What stories need beside the clients: every table by name, and PostgreSQL to run on. */
export { type Cluster, startCluster } from "./database/postgres/testing/cluster.ts";
export {
  aTestDatabase,
  emptyDatabase,
  prepareTestDatabases,
  type TestDatabase,
  testServerUrl,
} from "./database/postgres/testing/test-databases.ts";
export { withoutAccountFilters } from "./database/postgres/testing/without-filters.ts";
export { keptTables } from "./housekeeping/kept-tables.ts";
