import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureCity } from "@dsp-fleet/city";
import { type Clock, type RunningServer, startServer } from "@dsp-fleet/server/parts";
import { pino } from "pino";
import { createPeople, type People } from "../../lib/people.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export type SiteOptions = { clock?: Clock; allowedOrigins?: string[]; mapStyleUrl?: string };

/** A whole server with the built dashboard, and people who use it without one. */
export type Site = People & {
  stop(): Promise<void>;
  /** Same data, same port. */
  start(): Promise<void>;
};

export async function startSite({
  clock,
  allowedOrigins = [],
  mapStyleUrl = "local",
}: SiteOptions = {}): Promise<Site> {
  await builtDashboard();
  const cityPath = await streets();
  const dataDir = await mkdtemp(join(tmpdir(), "dsp-fleet-browser-"));
  const start = (port: number): Promise<RunningServer> =>
    startServer({
      settings: {
        port,
        host: "127.0.0.1",
        dataDir,
        publicUrl: null,
        allowedOrigins,
        trustProxy: false,
        mapStyleUrl,
        logLevel: "silent",
        metricsToken: null,
        databaseUrl: null,
      },
      logger: pino({ level: "silent" }),
      webRoot: join(root, "apps/dashboard/dist"),
      cityPath,
      checkAnswers: true,
      ...(clock === undefined ? {} : { clock }),
    });

  let server = await start(0);
  const { port } = server;
  const people = createPeople(() => `http://127.0.0.1:${port}`);
  return {
    ...people,
    address: people.address,
    stop: () => server.stop(),
    async start() {
      server = await start(port);
    },
    async [Symbol.asyncDispose]() {
      await people[Symbol.asyncDispose]();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Builds it where a source is newer than the build, so once in a run of all files. */
async function builtDashboard(): Promise<void> {
  // Tests import nothing from outside of their workspace; this is a tool that they run.
  const tool = new URL("../../../scripts/lib/build-dashboard.ts", import.meta.url).href;
  const { buildDashboard } = (await import(tool)) as { buildDashboard(root: string, log: () => void): Promise<void> };
  await buildDashboard(root, () => undefined);
}

/** Fetching the city must not take a run without a network down. */
const cityTimeoutMs = 60_000;
let city: Promise<string | null> | undefined;

/** The city's map; null where it cannot be had: vans are on a bare grid then, and every story holds there too. */
const streets = (): Promise<string | null> =>
  (city ??= ensureCity({ signal: AbortSignal.timeout(cityTimeoutMs) }).catch(() => null));
