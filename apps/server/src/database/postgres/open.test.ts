import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DatabaseOpenError } from "../errors.ts";
import { type Migration, migrations } from "../migrations/migrate.ts";
import { aDevice, aFix, anAccount, silent, timesOf } from "../testing.ts";
import { checkServer } from "./check-server.ts";
import { openPostgres } from "./open.ts";
import { type Cluster, startCluster } from "./testing/cluster.ts";
import { emptyDatabase } from "./testing/test-databases.ts";

let cluster: Cluster;
const things = new AsyncDisposableStack();
beforeAll(async () => {
  cluster = things.use(await startCluster());
}, 60_000);
afterAll(() => things.disposeAsync());

const places: AsyncDisposable[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place[Symbol.asyncDispose]();
});

/** Address of a new database of the user "fleet". */
async function aPlace(): Promise<string> {
  const place = await emptyDatabase(cluster.url);
  places.push(place);
  return place.url;
}

async function asSuperuser(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const address = new URL(url);
  address.username = "postgres";
  const client = new Client({ connectionString: address.href });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

const limits = { startPatienceMs: 500 };

async function refusal(url: string): Promise<DatabaseOpenError> {
  const error: unknown = await openPostgres({ url, logger: silent, limits }).then(
    (database) => database.close(),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseOpenError)) throw new Error(`expected a refusal, not ${String(error)}`);
  expect(error.message).toMatch(/^DATABASE_URL: the database/);
  return error;
}

describe("opening", () => {
  test("makes the tables, and finds them with their rows the next time", async () => {
    const url = await aPlace();
    {
      await using database = await openPostgres({ url, logger: silent });
      const accountId = await anAccount(database);
      const deviceId = await aDevice(database, accountId);
      await database.writeLocations({ samples: [aFix({ deviceId, accountId, atMs: 5 })], devices: [] });
    }
    await using database = await openPostgres({ url, logger: silent });
    expect(await timesOf(database, 1)).toEqual([5]);
  });

  test("refuses a server that does not sync", async () => {
    await using careless = await startCluster(["fsync=off"]);
    const error = await refusal(careless.url);
    expect(error).toMatchObject({ problem: "unsuitable", message: expect.stringContaining("fsync = on") });
  }, 60_000);

  test("refuses a database where commits do not wait for the disk, and makes no table there", async () => {
    const url = await aPlace();
    await asSuperuser(url, `alter database "${new URL(url).pathname.slice(1)}" set synchronous_commit = off`);
    const error = await refusal(url);
    expect(error).toMatchObject({ problem: "unsuitable", message: expect.stringContaining("synchronous_commit") });
    expect(await asSuperuser(url, "select 1 from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test("refuses a version that is too old", async () => {
    const old = { version: 14, words: "14.9", fsync: "on", sync: "on", encoding: "UTF8", schema: "public" };
    const check = checkServer({ query: () => Promise.resolve({ rows: [old] }) }, "here");
    await expect(check).rejects.toMatchObject({
      problem: "unsuitable",
      message: expect.stringMatching(/14\.9; version 15/),
    });
  });

  test("refuses another program's database", async () => {
    const url = await aPlace();
    await asSuperuser(url, "create table recipes (name text)");
    expect(await refusal(url)).toMatchObject({ problem: "foreign", message: expect.stringContaining('"recipes"') });
  });

  test("refuses a database of a newer version", async () => {
    const url = await aPlace();
    const later: Migration = {
      version: migrations.length + 1,
      name: "later",
      up: async (db, kind) => db.schema.createTable("later").addColumn("at", kind.time).execute(),
    };
    await (await openPostgres({ url, logger: silent, migrations: [...migrations, later] })).close();
    expect(await refusal(url)).toMatchObject({ problem: "newer", message: expect.stringContaining('"later"') });
  });

  test("a step that fails leaves no trace", async () => {
    const url = await aPlace();
    const failing: Migration = {
      version: migrations.length + 1,
      name: "failing",
      async up(db, kind) {
        await db.schema.createTable("half").addColumn("at", kind.time).execute();
        throw new Error("half way");
      },
    };
    const opening = openPostgres({ url, logger: silent, migrations: [...migrations, failing] });
    await expect(opening).rejects.toThrow("half way");
    await using database = await openPostgres({ url, logger: silent });
    const half = await sql`select to_regclass('half')::text as half`.execute(database.queries);
    expect(half.rows).toEqual([{ half: null }]);
  });

  test("refuses a database that another server has, until that one is closed or killed", async () => {
    const url = await aPlace();
    const first = await openPostgres({ url, logger: silent });
    expect(await refusal(url)).toMatchObject({ problem: "in-use" });
    expect(first.state).toBe("ready");
    await first.close();
    await (await openPostgres({ url, logger: silent })).close();
  });

  test("says what is missing where there is no such database, or no right to make tables", async () => {
    const url = await aPlace();
    const nowhere = new URL(url);
    nowhere.pathname = "/nowhere";
    expect(await refusal(nowhere.href)).toMatchObject({
      problem: "unreachable",
      message: expect.stringContaining("create database"),
    });
    const giveTo = (owner: string) =>
      asSuperuser(url, `alter database "${new URL(url).pathname.slice(1)}" owner to ${owner}`);
    await giveTo("postgres");
    expect(await refusal(url)).toMatchObject({
      problem: "not-writable",
      message: expect.stringContaining("owner to"),
    });
    await giveTo("fleet");
  });

  test("as a superuser runs as a role that the wall between accounts holds", async () => {
    const place = await emptyDatabase(cluster.superuserUrl);
    places.push(place);
    await using database = await openPostgres({ url: place.url, logger: silent });
    const [north, south] = [await anAccount(database, "north"), await anAccount(database, "south")];
    await aDevice(database, north);
    expect(await database.forAccount(south).queries.selectFrom("devices").selectAll().execute()).toEqual([]);
    expect(await database.forAccount(north).queries.selectFrom("devices").selectAll().execute()).toHaveLength(1);
  });

  test("refuses a user who may pass every wall", async () => {
    const url = await aPlace();
    await asSuperuser(url, "create role passer login bypassrls");
    const passer = new URL(url);
    passer.username = "passer";
    expect(await refusal(passer.href)).toMatchObject({
      problem: "unsuitable",
      message: expect.stringContaining("nobypassrls"),
    });
  });
});
