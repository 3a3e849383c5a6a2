/** What stories need to run on PostgreSQL. */
export { type Cluster, startCluster } from "./database/postgres/testing/cluster.ts";
export {
  aTestDatabase,
  emptyDatabase,
  prepareTestDatabases,
  type TestDatabase,
  testServerUrl,
} from "./database/postgres/testing/test-databases.ts";
export { withoutAccountFilters } from "./database/postgres/testing/without-filters.ts";
