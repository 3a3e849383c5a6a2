// A database for each test, copied from one that has its tables already.
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { silent } from "../../testing.ts";
import { openPostgres } from "../open.ts";

const serverVariable = "TEST_DATABASE_URL";
const templateVariable = "TEST_DATABASE_TEMPLATE";

export type TestDatabase = AsyncDisposable & { readonly url: string };

async function ask(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Also while somebody uses it. */
const drop = (serverUrl: string, name: string): Promise<void> =>
  ask(serverUrl, `drop database if exists ${name}`).catch(() =>
    ask(serverUrl, `drop database if exists ${name} with (force)`),
  );

const named = (url: string, name: string): string => {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
};

const newName = (what: string): string => `dsp_fleet_${what}_${randomUUID().replaceAll("-", "").slice(0, 16)}`;

/** An empty database on a server; dropped at the end, whoever still uses it. */
export async function emptyDatabase(serverUrl: string, template = "template1"): Promise<TestDatabase> {
  const name = newName("test");
  await ask(serverUrl, `create database ${name} template ${template}`);
  return {
    url: named(serverUrl, name),
    [Symbol.asyncDispose]: () => drop(serverUrl, name),
  };
}

/** Makes the database that the others are copies of, and names server and copy to every test process started after this. */
export async function prepareTestDatabases(serverUrl: string): Promise<AsyncDisposable> {
  const name = newName("template");
  await ask(serverUrl, `create database ${name}`);
  await (await openPostgres({ url: named(serverUrl, name), logger: silent })).close();
  process.env[serverVariable] = serverUrl;
  process.env[templateVariable] = name;
  return {
    async [Symbol.asyncDispose]() {
      delete process.env[templateVariable];
      await drop(serverUrl, name);
    },
  };
}

/** The server that tests run on, as `prepareTestDatabases` or the environment named it. */
export const testServerUrl = (): string | null => process.env[serverVariable] || null;

/** A database with all tables and no rows. */
export async function aTestDatabase(): Promise<TestDatabase> {
  const serverUrl = testServerUrl();
  const template = process.env[templateVariable];
  if (serverUrl === null || template === undefined) throw new Error("run with the vitest project postgres");
  return emptyDatabase(serverUrl, template);
}
