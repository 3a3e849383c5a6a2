import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, type RunningServer, type Settings, startServer } from "@dsp-fleet/server/parts";
import type { Logger } from "pino";
import { createPeople, type People } from "./people.ts";
import { openStoryDatabase, storyDatabase } from "./story-database.ts";

export type FleetOptions = { clock?: Clock; logger?: Logger; settings?: Partial<Settings> };

/** A whole server of its own, and everybody who uses it. */
export type Fleet = People & {
  readonly port: number;
  readonly dataDir: string;
  /** The server's inside: to read what was stored, and to make what no client can make yet. */
  readonly server: RunningServer;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops and starts it, same data, same port. */
  restart(): Promise<void>;
};

export async function startFleet({ clock, logger, settings = {} }: FleetOptions = {}): Promise<Fleet> {
  const dataDir = await mkdtemp(join(tmpdir(), "dsp-fleet-story-"));
  const database = await storyDatabase();
  const start = (port: number): Promise<RunningServer> =>
    startServer({
      settings: {
        port,
        host: "127.0.0.1",
        dataDir,
        publicUrl: null,
        allowedOrigins: [],
        trustProxy: false,
        mapStyleUrl: "local",
        logLevel: "silent",
        metricsToken: null,
        databaseUrl: database?.url ?? null,
        ...settings,
      },
      checkAnswers: true,
      openDatabase: openStoryDatabase,
      ...(clock === undefined ? {} : { clock }),
      ...(logger === undefined ? {} : { logger }),
    });

  let server = await start(0);
  const { port } = server;
  const people = createPeople(() => `http://127.0.0.1:${port}`);
  return {
    ...people,
    port,
    dataDir,
    get server() {
      return server;
    },
    stop: () => server.stop(),
    async start() {
      server = await start(port);
    },
    async restart() {
      await server.stop();
      server = await start(port);
    },
    async [Symbol.asyncDispose]() {
      await people[Symbol.asyncDispose]();
      await server.stop();
      await database?.[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
