// A PostgreSQL server of the tests' own: unprivileged, on a free port of the loopback, gone at the end.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";

const run = promisify(execFile);

export type Cluster = AsyncDisposable & {
  /** Of a user who may make databases and is no superuser. */
  readonly url: string;
  readonly superuserUrl: string;
  readonly port: number;
  /** Signals the postmaster alone: SIGKILL leaves its memory and lock file behind, as a crash does; SIGSTOP makes it deaf. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the postmaster has ended. */
  ended(): Promise<void>;
  /** Starts it again, with its data, on its port. */
  start(): Promise<void>;
};

export class NoPostgres extends Error {}

/** The folder of initdb and postgres: the newest that is installed, else Debian's package, which root may install. NoPostgres. */
async function postgresPrograms(): Promise<string> {
  const found = (await installed()) ?? (await install());
  if (found === null)
    throw new NoPostgres(
      "no PostgreSQL server is installed; install one (Debian: apt-get install postgresql), or name one in TEST_DATABASE_URL by a user who may make databases",
    );
  return found;
}

async function installed(): Promise<string | null> {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? (await readdir(root)).map(Number) : [];
  const newest = versions.filter((version) => version >= 15).toSorted((a, b) => b - a);
  const folders = [
    ...newest.map((version) => `${root}/${version}/bin`),
    ...(process.env["PATH"] ?? "").split(":"),
    "/opt/homebrew/opt/postgresql@17/bin",
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres"))) ?? null;
}

async function install(): Promise<string | null> {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "--no-install-recommends", "postgresql"], { env, maxBuffer: 1e8 });
  } catch (error) {
    throw new NoPostgres(`apt-get could not install postgresql: ${error instanceof Error ? error.message : ""}`);
  }
  return installed();
}

type Person = { readonly uid?: number; readonly gid?: number };

/** PostgreSQL refuses root. */
async function unprivileged(): Promise<Person> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const numbers = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(() => null);
    if (numbers !== null) return { uid: Number(numbers[0].stdout), gid: Number(numbers[1].stdout) };
  }
  throw new NoPostgres("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
}

/** In memory where there is room: fsync stays on and costs nothing there. */
async function temporaryRoot(): Promise<string> {
  const memory = "/dev/shm";
  const room = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return room > 2 ** 30 ? memory : tmpdir();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const startWithinMs = 30_000;

/** Makes and starts one; `settings` go on its command line as -c. NoPostgres says why there can be none. */
export async function startCluster(settings: readonly string[] = []): Promise<Cluster> {
  const programs = await postgresPrograms();
  const person = await unprivileged();
  const folder = await mkdtemp(join(await temporaryRoot(), "dsp-fleet-postgres-"));
  const data = join(folder, "data");
  await mkdir(data);
  if (person.uid !== undefined && person.gid !== undefined)
    for (const path of [folder, data]) await chown(path, person.uid, person.gid);
  const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" };
  await run(
    join(programs, "initdb"),
    ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
    { ...person, env, cwd: folder },
  );

  const port = await freePort();
  const superuserUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let postmaster: ChildProcess;
  let exit: Promise<unknown>;
  let said = "";

  const options = [
    "listen_addresses=127.0.0.1",
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    "max_connections=200",
    "shared_buffers=64MB",
    // It works on databases that live for a second, and holds up their end.
    "autovacuum=off",
    ...settings,
  ];
  function launch(): void {
    postmaster = spawn(join(programs, "postgres"), ["-D", data, ...options.flatMap((option) => ["-c", option])], {
      ...person,
      env,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    postmaster.stderr?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    exit = once(postmaster, "close");
  }

  async function start(): Promise<void> {
    const deadline = performance.now() + startWithinMs;
    launch();
    while (!(await answers(superuserUrl))) {
      if (performance.now() > deadline) throw new Error(`PostgreSQL does not start: ${said}`);
      // After a kill, what is left of the old one may hold its memory for a moment.
      if (postmaster.exitCode !== null) launch();
      await wait(50);
    }
  }

  await start();
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query("create role fleet login createdb");
  await client.end();
  return {
    url: `postgres://fleet@127.0.0.1:${port}/postgres`,
    superuserUrl,
    port,
    signal: (signal) => void postmaster.kill(signal),
    ended: async () => void (await exit),
    start,
    async [Symbol.asyncDispose]() {
      postmaster.kill("SIGCONT");
      postmaster.kill("SIGQUIT");
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
