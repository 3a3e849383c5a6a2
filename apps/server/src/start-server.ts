import { openTiles } from "@dsp-fleet/city";
import { type Logger as PinoLogger, pino } from "pino";
import { loadSigningKeys } from "./accounts/signing-keys.ts";
import type { App } from "./app.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createApp } from "./create-app.ts";
import { openDatabase } from "./database/open-database.ts";
import { createHttp } from "./http/create-http.ts";
import { createMetrics } from "./http/metrics.ts";
import { restHandlers } from "./http/rest-handlers.ts";
import { createRestLimits } from "./limits/rest-limits.ts";
import { observe } from "./metrics/observe.ts";
import { type Random, systemRandom } from "./random.ts";
import { makeDataDir } from "./settings/make-data-dir.ts";
import type { Settings } from "./settings/settings.ts";

/** Clients are told to come back, and calls that run may end. */
const drainMs = 5_000;

export type ServerOptions = {
  settings: Settings;
  clock?: Clock;
  random?: Random;
  logger?: PinoLogger;
  /** Built web apps and map tiles; null where there are none. */
  webRoot?: string | null;
  cityPath?: string | null;
  /** Opens the store; for tests. */
  openDatabase?: typeof openDatabase;
  /** Checks each answer by the contract; for tests. */
  checkAnswers?: boolean;
};

export type RunningServer = AsyncDisposable & {
  readonly port: number;
  readonly app: App;
  /** Drains and closes; nothing acknowledged is lost. */
  stop(): Promise<void>;
};

/** Opens the store, wires the app, and serves it on one port. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { settings, clock = systemClock, random = systemRandom } = options;
  const logger = options.logger ?? pino({ level: settings.logLevel });

  await makeDataDir(settings.dataDir);
  const keys = await loadSigningKeys(settings.dataDir, random, clock.now());
  const database = await (options.openDatabase ?? openDatabase)(settings, logger);
  const wired = await createApp({ settings, clock, random, logger, database, keys });
  const { app, signalr } = wired;

  const metrics = createMetrics();
  observe(metrics, { signalr, devices: app.devices, journal: app.journal, database });

  const tiles = options.cityPath == null ? null : openTiles(options.cityPath);
  let draining = false;
  const http = await createHttp({
    handlers: restHandlers(app),
    principals: { authenticate: app.authenticate },
    limits: createRestLimits(clock),
    logger,
    allowedOrigins: settings.allowedOrigins,
    trustProxy: settings.trustProxy,
    publicUrl: settings.publicUrl,
    isReady: () => database.state === "ready",
    isDraining: () => draining,
    metrics,
    metricsToken: settings.metricsToken,
    mapStyleUrl: settings.mapStyleUrl,
    webRoot: options.webRoot ?? null,
    tiles,
    intercept: (request, response) => signalr.handleRequest(request, response),
    checkAnswers: options.checkAnswers ?? false,
  });
  http.server.on("upgrade", (request, socket, head) => {
    if (signalr.handleUpgrade(request, socket, head)) return;
    socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", () => socket.destroy());
  });

  let port: number;
  try {
    port = await http.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await wired.stop(0);
    await http.close();
    await database.close();
    throw error;
  }

  let stopping: Promise<void> | null = null;
  async function stop(): Promise<void> {
    draining = true;
    await wired.stop(drainMs);
    await http.close();
    // Calls over HTTP may have ended after the hubs.
    await app.journal.flush();
    await database.close();
    tiles?.[Symbol.dispose]();
  }

  return {
    port,
    app,
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}
