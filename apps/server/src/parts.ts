/** What benches and stories build a prepared server from. */
export { loadSigningKeys } from "./accounts/signing-keys.ts";
export { createTokens } from "./accounts/tokens.ts";
export { type Clock, systemClock } from "./clock.ts";
export { openDatabase } from "./database/open-database.ts";
export { openSqlite } from "./database/sqlite/open.ts";
export { systemRandom } from "./random.ts";
export { readSettings, type Settings } from "./settings/settings.ts";
export { type RunningServer, startServer } from "./start-server.ts";
