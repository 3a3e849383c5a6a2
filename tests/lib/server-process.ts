import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPeople, type People } from "./people.ts";
import { storyDatabase } from "./story-database.ts";

const main = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));
const startWithinMs = 15_000;

export type Environment = Readonly<Record<string, string>>;
export type Exit = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

type Launched = { child: ChildProcess; exit: Promise<Exit>; address: Promise<string> };

function launch(environment: Environment): Launched {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [main], {
    env: { PATH, HOME, HOST: "127.0.0.1", PORT: "0", MAP_STYLE_URL: "local", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const address = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start: ${stdout}${stderr}`)), startWithinMs);
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      const found = /serves at (http:\/\/[\w.:]+)/.exec(stdout)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    child.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`the server ended: ${stdout}${stderr}`));
    });
  });
  address.catch(() => undefined);
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  return { child, exit, address };
}

/** Starts the server as `npm start` does and waits for it to end by itself; one that serves is stopped after `patienceMs`. */
export async function startAndEnd(environment: Environment, patienceMs = startWithinMs): Promise<Exit> {
  const { child, exit } = launch(environment);
  const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  try {
    return await exit;
  } finally {
    clearTimeout(timer);
  }
}

/** A server in a process of its own, on a data directory that outlives it. */
export type ServerProcess = People & {
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  kill(signal: "SIGKILL" | "SIGTERM" | "SIGINT"): Promise<Exit>;
  /** Starts it again after it was killed; on another port. */
  start(): Promise<void>;
};

export async function startServerProcess(environment: Environment = {}): Promise<ServerProcess> {
  const dataDir = environment["DATA_DIR"] ?? (await mkdtemp(join(tmpdir(), "dsp-fleet-process-")));
  const database = await storyDatabase();
  const settings = { ...(database === null ? {} : { DATABASE_URL: database.url }), ...environment, DATA_DIR: dataDir };
  let launched = launch(settings);
  let address = await launched.address;
  const people = createPeople(() => address);
  async function kill(signal: NodeJS.Signals): Promise<Exit> {
    launched.child.kill(signal);
    return launched.exit;
  }
  return {
    ...people,
    get address() {
      return address;
    },
    dataDir,
    databaseUrl: database?.url ?? null,
    kill,
    async start() {
      launched = launch(settings);
      address = await launched.address;
    },
    async [Symbol.asyncDispose]() {
      await people[Symbol.asyncDispose]();
      await kill("SIGKILL");
      await database?.[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
