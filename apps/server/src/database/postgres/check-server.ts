import { DatabaseOpenError } from "../errors.ts";

/** A connection, as far as it is asked here. */
export type Asks = { query(sql: string): Promise<{ rows: unknown[] }> };

/** Oldest major version that is still maintained and that the tests run on. */
const oldestVersion = 15;

/** Owns our tables where the login is a superuser, for whom row-level security would not count. */
const ownRole = "dsp_fleet";

async function rowOf(client: Asks, sql: string): Promise<Record<string, unknown>> {
  const { rows } = await client.query(sql);
  return (rows[0] ?? {}) as Record<string, unknown>;
}

/** Refuses, with what to do, a server that would lose what it has said yes to, or that we do not know. Changes nothing. */
export async function checkServer(client: Asks, where: string): Promise<void> {
  const unsuitable = (what: string) => new DatabaseOpenError("unsuitable", `${where} ${what} Nothing was changed.`);
  const asked = await rowOf(
    client,
    `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_version') as words,
       current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync,
       current_setting('server_encoding') as encoding, current_schema() as schema`,
  );
  if (Number(asked["version"]) < oldestVersion)
    throw unsuitable(`is PostgreSQL ${String(asked["words"])}; version ${oldestVersion} or newer is needed.`);
  if (asked["fsync"] === "off")
    throw unsuitable(
      "has fsync off and would lose data in a power cut. Set fsync = on in postgresql.conf and restart it.",
    );
  if (asked["sync"] === "off")
    throw unsuitable(
      "has synchronous_commit off and would lose data in a crash. Set it to on: in postgresql.conf, and for the database and user (alter database … reset synchronous_commit).",
    );
  if (asked["encoding"] !== "UTF8")
    throw unsuitable(
      `has the encoding ${String(asked["encoding"])}. Make one with: create database … encoding 'UTF8' template template0.`,
    );
  if (asked["schema"] === null)
    throw unsuitable("has no schema that the user can use. Give the user one: create schema … authorization ….");

  const tables = await rowOf(
    client,
    `select min(relname) as one, coalesce(bool_or(relname = 'schema_migrations'), true) as ours
     from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`,
  );
  if (tables["ours"] !== 1)
    throw new DatabaseOpenError(
      "foreign",
      `${where} belongs to another program: it has the table "${String(tables["one"])}". Nothing was changed. Name an empty database.`,
    );
}

/** The role that statements run as: null for the login itself, unless row-level security does not bind that one. */
export async function roleFor(client: Asks, where: string): Promise<string | null> {
  const login = await rowOf(
    client,
    `select rolsuper as super, rolbypassrls as bypass, current_schema() as schema from pg_roles where rolname = current_user`,
  );
  if (login["super"] !== 1) {
    if (login["bypass"] !== 1) return null;
    throw new DatabaseOpenError(
      "unsuitable",
      `${where}: its user has BYPASSRLS, so that the wall between accounts would not hold. Use one without: alter role … nobypassrls. Nothing was changed.`,
    );
  }
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${ownRole}') then create role ${ownRole} nologin; end if;
    exception when duplicate_object or unique_violation then null;
    end $$`);
  await client.query(`grant usage, create on schema ${JSON.stringify(login["schema"])} to ${ownRole}`);
  return ownRole;
}
