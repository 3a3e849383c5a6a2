// The product as npm start runs it: durable storage, checks and limits on. Accounts and vans are put into its database first.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createTokens,
  loadSigningKeys,
  openSqlite,
  readSettings,
  startServer,
  systemClock,
  systemRandom,
} from "@dsp-fleet/server/parts";
import { dashboardCount, shape, vanCount } from "../shape.ts";
import { answerParent } from "./serve.ts";

const dataDir = mkdtempSync(join(tmpdir(), "dsp-fleet-bench-"));
const settings = readSettings({
  DATA_DIR: dataDir,
  HOST: "127.0.0.1",
  PORT: "0",
  LOG_LEVEL: "error",
  MAP_STYLE_URL: "local",
});

const database = await openSqlite({ file: join(dataDir, "dsp-fleet.sqlite"), logger: console });
await database.transaction(async (tx) => {
  const now = Date.now();
  for (let account = 0; account < shape.accounts; account += 1) {
    await tx
      .insertInto("accounts")
      .values({
        name: `Account ${account}`,
        country: "ES",
        timezone: "Europe/Madrid",
        speed_unit: "kmh",
        periodic_airplane_mode_off: 0,
        // The news of a report goes to the dashboards, as it does in the servers beside.
        devices_see_peers: 0,
        retention_days: 60,
        created_at: now,
      })
      .execute();
    await tx
      .insertInto("users")
      .values({
        account_id: account + 1,
        email: `viewer-${account}@bench.example`,
        display_name: "Viewer",
        role: "viewer",
        password_hash: "none",
        created_at: now,
      })
      .execute();
  }
  for (let van = 0; van < vanCount; van += 1) {
    await tx
      .insertInto("devices")
      .values({ account_id: (van % shape.accounts) + 1, name: `Van ${van}`, bound_at: now })
      .execute();
  }
});
await database.close();

const tokens = createTokens(await loadSigningKeys(dataDir, systemRandom, systemClock.now()), systemClock, systemRandom);
const vanTokens: string[] = [];
for (let van = 0; van < vanCount; van += 1) {
  vanTokens.push(
    (await tokens.issueDevice({ kind: "device", deviceId: van + 1, accountId: (van % shape.accounts) + 1 })).token,
  );
}
const dashboardTokens: string[] = [];
for (let dashboard = 0; dashboard < dashboardCount; dashboard += 1) {
  const user = {
    kind: "user",
    userId: (dashboard % shape.accounts) + 1,
    accountId: (dashboard % shape.accounts) + 1,
    role: "viewer",
    sessionId: "bench",
  } as const;
  dashboardTokens.push((await tokens.issueUser(user)).token);
}

const server = await startServer({ settings });
answerParent(
  { port: server.port, vanTokens, dashboardTokens },
  () => server.app.journal.recorded,
  async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  },
);
