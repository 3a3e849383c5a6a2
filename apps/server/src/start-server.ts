import { join } from "node:path";
import { openTiles } from "@dsp-fleet/city";
import { fleetHub, hubLimits, pairingHub } from "@dsp-fleet/contract";
import { createSignalR } from "@dsp-fleet/signalr";
import { type Logger as PinoLogger, pino } from "pino";
import { accountRepository } from "./accounts/account-repository.ts";
import { createPasswords } from "./accounts/passwords.ts";
import { createSessions } from "./accounts/sessions.ts";
import { loadSigningKeys } from "./accounts/signing-keys.ts";
import { createTokens } from "./accounts/tokens.ts";
import type { App } from "./app.ts";
import { type Clock, systemClock } from "./clock.ts";
import { openSqlite } from "./database/sqlite/open.ts";
import { deviceRepository } from "./devices/device-repository.ts";
import { createLiveDevices } from "./devices/live-devices.ts";
import { createHttp } from "./http/create-http.ts";
import { createMetrics } from "./http/metrics.ts";
import { restHandlers } from "./http/rest-handlers.ts";
import { connectOrigin } from "./hubs/connect-origin.ts";
import { fleetHubDefinition } from "./hubs/fleet-hub.ts";
import { pairingHubDefinition } from "./hubs/pairing-hub.ts";
import { signalRClock } from "./hubs/signalr-clock.ts";
import { createTell } from "./hubs/tell.ts";
import { initRate } from "./limits/rates.ts";
import { createTokenBuckets } from "./limits/token-buckets.ts";
import { createLocationJournal } from "./locations/location-journal.ts";
import { observe } from "./metrics/observe.ts";
import { createCollection } from "./pairing/collection.ts";
import { createGuessLimits } from "./pairing/guess-limits.ts";
import { createLiveCodes } from "./pairing/live-codes.ts";
import { pairingDigests } from "./pairing/pairing-codes.ts";
import { createPairingConnections } from "./pairing/pairing-connections.ts";
import { pendingRepository } from "./pairing/pending-repository.ts";
import { createPresence } from "./presence/presence.ts";
import { type Random, systemRandom } from "./random.ts";
import { makeDataDir } from "./settings/make-data-dir.ts";
import type { Settings } from "./settings/settings.ts";

/** Clients are told to come back, and calls that run may end. */
const drainMs = 5_000;
const hubTimes = {
  handshakeTimeoutMs: hubLimits.handshakeMs,
  keepAliveMs: hubLimits.keepAliveMs,
  clientTimeoutMs: hubLimits.clientTimeoutMs,
};
/** Rows of finished pairings go this often. */
const purgePendingEveryMs = 60 * 60_000;

export type ServerOptions = {
  settings: Settings;
  clock?: Clock;
  random?: Random;
  logger?: PinoLogger;
  /** Built web apps and map tiles; null where there are none. */
  webRoot?: string | null;
  cityPath?: string | null;
  /** Checks each answer by the contract; for tests. */
  checkAnswers?: boolean;
};

export type RunningServer = AsyncDisposable & {
  readonly port: number;
  readonly app: App;
  /** Drains and closes; nothing acknowledged is lost. */
  stop(): Promise<void>;
};

/** Opens the store, rebuilds what lives in memory, and serves. Everything is wired here, by hand. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { settings, clock = systemClock, random = systemRandom } = options;
  const logger = options.logger ?? pino({ level: settings.logLevel });

  await makeDataDir(settings.dataDir);
  const keys = await loadSigningKeys(settings.dataDir, random);
  const database = await openSqlite({ file: join(settings.dataDir, "dsp-fleet.sqlite"), logger });

  const devicesRepository = deviceRepository(database);
  const pending = pendingRepository(database);
  await pending.forgetConnections();
  const devices = createLiveDevices(await devicesRepository.bound());
  const tokens = createTokens(keys, clock, random);
  const journal = createLocationJournal(database, clock, logger);
  const warn = (what: string) => (error: unknown) => logger.error({ err: error }, what);
  const collection = createCollection(await pending.uncollected(clock.now()), (deviceId) => {
    pending.collected(deviceId, clock.now()).catch(warn("a collected token could not be noted"));
  });

  const parts: Omit<App, "tell" | "presence"> = {
    clock,
    random,
    logger,
    database,
    accounts: accountRepository(database),
    passwords: createPasswords(),
    sessions: createSessions({ database, tokens, keys, clock, random }),
    tokens,
    async authenticate(token) {
      const verified = await tokens.verify(token);
      if (verified?.kind !== "device") return verified;
      if (devices.get(verified.accountId, verified.deviceId) === null) return null;
      collection.shown(verified.deviceId);
      return verified;
    },
    devices,
    deviceRepository: devicesRepository,
    journal,
    pending,
    pairingConnections: createPairingConnections(),
    ownPending: new Map(),
    collection,
    digests: pairingDigests(keys.pairingKey),
    guesses: createGuessLimits(clock),
    codeRequests: createTokenBuckets(clock, initRate),
    liveCodes: createLiveCodes(clock),
  };
  // The hubs' handlers need the app, and the app tells through the hubs: both are whole before the first call.
  const app = parts as App;

  const signalr = createSignalR({
    clock: signalRClock(clock),
    randomBytes: random,
    logger,
    allowedOrigins: hubOrigins(settings),
    trustedProxies: settings.trustProxy ? 1 : 0,
  });
  const fleet = signalr.mapHub(fleetHub.path, fleetHubDefinition(app), {
    ...hubTimes,
    maximumReceiveMessageSize: hubLimits.fleetMessageBytes,
    authenticationExpiry: { graceMs: hubLimits.tokenGraceMs },
  });
  const pairing = signalr.mapHub(pairingHub.path, pairingHubDefinition(app), {
    ...hubTimes,
    maximumReceiveMessageSize: hubLimits.pairingMessageBytes,
  });
  const tell = createTell({ fleet, pairing, originOf: connectOrigin(settings), clock, logger });
  const presence = createPresence(clock, (device) => {
    devices.changed(device);
    tell.deviceUpdated(device);
  });
  Object.assign(app, { tell, presence });

  const metrics = createMetrics();
  observe(metrics, { signalr, devices, journal, database });

  const tiles = options.cityPath == null ? null : openTiles(options.cityPath);
  let draining = false;
  const http = await createHttp({
    handlers: restHandlers(app),
    principals: { authenticate: app.authenticate },
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

  const purge = setInterval(() => {
    pending.purge(clock.now()).catch(warn("finished pairings could not be forgotten"));
  }, purgePendingEveryMs);
  purge.unref();

  let port: number;
  try {
    port = await http.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    clearInterval(purge);
    await signalr.stop({ timeoutMs: 0 });
    await http.close();
    await database.close();
    throw error;
  }

  let stopping: Promise<void> | null = null;
  async function stop(): Promise<void> {
    draining = true;
    clearInterval(purge);
    await signalr.stop({ timeoutMs: drainMs });
    await http.close();
    await journal.flush();
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

/** Pages of these origins may use the hubs; those of the address itself may anyway. */
function hubOrigins({ allowedOrigins, publicUrl }: Settings): string[] {
  return publicUrl === null ? [...allowedOrigins] : [...allowedOrigins, new URL(publicUrl).origin];
}
