import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Database } from "../database.ts";
import { DatabaseUnavailableError } from "../errors.ts";
import { aDevice, aFix, anAccount, silent, timesOf } from "../testing.ts";
import { openPostgres } from "./open.ts";
import { type Cluster, startCluster } from "./testing/cluster.ts";
import { emptyDatabase } from "./testing/test-databases.ts";

let cluster: Cluster;
let database: Database;
const things = new AsyncDisposableStack();
beforeAll(async () => {
  cluster = things.use(await startCluster());
  const { url } = await emptyDatabase(cluster.url);
  database = things.use(await openPostgres({ url, logger: silent }));
}, 60_000);
afterAll(() => things.disposeAsync());

const owedWithinMs = 2_000;
const backWithinMs = 5_000;

test("a server that is killed while it is written to loses nothing it said yes to, and is written to again", async () => {
  const accountId = await anAccount(database);
  const deviceId = await aDevice(database, accountId);
  const acknowledged: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const from = round * 100_000;
    let failure: unknown = null;
    const writing = (async () => {
      for (let atMs = from; failure === null; atMs += 1) {
        await database.writeLocations({ samples: [aFix({ deviceId, accountId, atMs })], devices: [] }).then(
          () => acknowledged.push(atMs),
          (error: unknown) => (failure = error),
        );
      }
    })();
    await vi.waitUntil(() => acknowledged.length > round * 20 + 20, { timeout: 10_000 });
    cluster.signal("SIGKILL");
    await writing;
    expect(failure).toBeInstanceOf(DatabaseUnavailableError);
    await vi.waitUntil(() => database.state === "unavailable", { timeout: owedWithinMs, interval: 10 });
    const asked = performance.now();
    await expect(database.queries.selectFrom("accounts").selectAll().execute()).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
    await expect(database.transaction((tx) => tx.selectFrom("accounts").selectAll().execute())).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
    expect(performance.now() - asked).toBeLessThan(owedWithinMs);

    await cluster.ended();
    await cluster.start();
    const back = performance.now();
    await vi.waitUntil(() => database.state === "ready", { timeout: backWithinMs, interval: 20 });
    const answer = await database.writeLocations({
      samples: [aFix({ deviceId, accountId, atMs: from + 99_999 })],
      devices: [],
    });
    expect(performance.now() - back).toBeLessThan(backWithinMs);
    expect(answer.fresh).toEqual([true]);
    const kept = new Set(await timesOf(database, deviceId));
    expect(acknowledged.filter((atMs) => !kept.has(atMs))).toEqual([]);
  }
}, 60_000);

test("one connection that the server ends costs its own call alone", async () => {
  const ended = database.transaction(async (tx) => {
    await tx.selectFrom("accounts").selectAll().execute();
    const { Client } = await import("pg");
    const client = new Client({ connectionString: cluster.superuserUrl });
    await client.connect();
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dsp-fleet' and state = 'idle in transaction'",
    );
    await client.end();
    await tx.selectFrom("accounts").selectAll().execute();
  });
  await expect(ended).rejects.toBeInstanceOf(DatabaseUnavailableError);
  expect(await database.queries.selectFrom("accounts").select("id").execute()).toHaveLength(1);
  expect(database.state).toBe("ready");
});
