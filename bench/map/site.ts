// The product as npm start runs it, with the built dashboard and the city's map. Accounts and vans are there already.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCity } from "@dsp-fleet/city";
import { createRestClient } from "@dsp-fleet/fleet-client";
import {
  createTokens,
  loadSigningKeys,
  openSqlite,
  readSettings,
  startServer,
  systemClock,
  systemRandom,
} from "@dsp-fleet/server/parts";
import { pino } from "pino";
import { dispatcher, type Fleet, fleets } from "./shape.ts";

/** Where the server listens, and the tokens of each fleet's phones. */
export type SiteReady = { readonly address: string; readonly tokens: Readonly<Record<Fleet, readonly string[]>> };

const dataDir = mkdtempSync(join(tmpdir(), "dsp-fleet-bench-map-"));
const settings = readSettings({ DATA_DIR: dataDir, HOST: "127.0.0.1", PORT: "0", MAP_STYLE_URL: "local" });
const options = {
  settings,
  logger: pino({ level: "silent" }),
  webRoot: join(import.meta.dirname, "../../apps/dashboard/dist"),
  cityPath: await ensureCity({}),
};

// Registered as people register, then stopped: devices are put into the file that it leaves.
const first = await startServer(options);
const rest = createRestClient({ baseUrl: `http://127.0.0.1:${first.port}` });
for (const fleet of fleets) await rest.register({ body: dispatcher(fleet) });
await first.stop();

const database = await openSqlite({ file: join(dataDir, "dsp-fleet.sqlite"), logger: console });
// Phones that hear of each other would cost the machine more than all dashboards: 5,000 × 5,000.
await database.queries.updateTable("accounts").set({ devices_see_peers: 0 }).execute();
const issue = createTokens(await loadSigningKeys(dataDir, systemRandom, systemClock.now()), systemClock, systemRandom);
const tokens: Record<Fleet, string[]> = { 0: [], 12: [], 1000: [], 5000: [] };
for (const fleet of fleets) {
  const { id: accountId } = await database.queries
    .selectFrom("accounts")
    .select("id")
    .where("name", "=", dispatcher(fleet).accountName)
    .executeTakeFirstOrThrow();
  const ids: number[] = [];
  await database.transaction(async (tx) => {
    for (let van = 1; van <= fleet; van += 1) {
      const name = `Van ${String(van).padStart(4, "0")}`;
      const { id } = await tx
        .insertInto("devices")
        .values({ account_id: accountId, name, identifier: `${van} BCN`, bound_at: Date.now() })
        .returning("id")
        .executeTakeFirstOrThrow();
      ids.push(id);
    }
  });
  for (const deviceId of ids)
    tokens[fleet].push((await issue.issueDevice({ kind: "device", deviceId, accountId })).token);
}
await database.close();

const server = await startServer(options);
process.on("disconnect", () => {
  void server.stop().then(() => {
    rmSync(dataDir, { recursive: true });
    process.exit(0);
  });
});
process.send?.({ address: `http://127.0.0.1:${server.port}`, tokens } satisfies SiteReady);
