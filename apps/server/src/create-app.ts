import { fleetHub, hubLimits, pairingHub } from "@dsp-fleet/contract";
import { createSignalR, type SignalR } from "@dsp-fleet/signalr";
import { accountRepository } from "./accounts/account-repository.ts";
import { createMembers, rememberEndedMs } from "./accounts/members.ts";
import { createPasswords, type Passwords } from "./accounts/passwords.ts";
import { releaseDevices } from "./accounts/release-devices.ts";
import { recentlyEnded } from "./accounts/session-rows.ts";
import { createSessions } from "./accounts/sessions.ts";
import type { SigningKeys } from "./accounts/signing-keys.ts";
import { createTokens, type Tokens } from "./accounts/tokens.ts";
import { userRepository } from "./accounts/user-repository.ts";
import type { App } from "./app.ts";
import { type Clock, every } from "./clock.ts";
import type { Database } from "./database/database.ts";
import { deviceRepository } from "./devices/device-repository.ts";
import { createLiveDevices } from "./devices/live-devices.ts";
import { createFastLocation } from "./fast-location/fast-location.ts";
import { leaseRepository } from "./fast-location/lease-repository.ts";
import { createHistory } from "./history/create-history.ts";
import { createHousekeeping } from "./housekeeping/housekeeping.ts";
import { connectOrigin } from "./hubs/connect-origin.ts";
import { fleetHubDefinition } from "./hubs/fleet-hub.ts";
import { pairingHubDefinition } from "./hubs/pairing-hub.ts";
import { signalRClock } from "./hubs/signalr-clock.ts";
import { createTell } from "./hubs/tell.ts";
import { initRate, tokenRenewalRate } from "./limits/rates.ts";
import { createSignInLimits } from "./limits/sign-in-limits.ts";
import { createTokenBuckets } from "./limits/token-buckets.ts";
import { createLocationJournal } from "./locations/location-journal.ts";
import type { Logger } from "./logger.ts";
import { templateRepository } from "./message-templates/template-repository.ts";
import { createMessaging } from "./messages/messaging.ts";
import { createCollection } from "./pairing/collection.ts";
import { createGuessLimits } from "./pairing/guess-limits.ts";
import { createLiveCodes } from "./pairing/live-codes.ts";
import { pairingDigests } from "./pairing/pairing-codes.ts";
import { createPairingConnections } from "./pairing/pairing-connections.ts";
import { pendingRepository } from "./pairing/pending-repository.ts";
import { createPresence } from "./presence/presence.ts";
import type { Random } from "./random.ts";
import { rescueRepository } from "./rescues/rescue-repository.ts";
import { createRescues } from "./rescues/rescues.ts";
import type { Settings } from "./settings/settings.ts";
import { createZoneVisits } from "./zone-visits/create-zone-visits.ts";
import { createZones } from "./zones/create-zones.ts";

const hubTimes = {
  handshakeTimeoutMs: hubLimits.handshakeMs,
  keepAliveMs: hubLimits.keepAliveMs,
  clientTimeoutMs: hubLimits.clientTimeoutMs,
  // Polls stand in for pings: as often as those, and as long a silence before a phone counts as gone.
  pollTimeoutMs: hubLimits.keepAliveMs,
  disconnectTimeoutMs: hubLimits.clientTimeoutMs - hubLimits.keepAliveMs,
};
/** Rows of finished pairings go this often. */
const purgePendingEveryMs = 60 * 60_000;

/** The world that the app lives in: time, chance, store and keys. Whoever opened the database closes it. */
export type AppWorld = {
  settings: Pick<Settings, "allowedOrigins" | "publicUrl" | "trustProxy">;
  clock: Clock;
  random: Random;
  logger: Logger;
  database: Database;
  keys: SigningKeys;
  tokens?: Tokens;
  passwords?: Passwords;
  /** Runs a callback at the end of the event loop's turn. Default setImmediate. */
  defer?: (run: () => void) => void;
};

export type WiredApp = {
  readonly app: App;
  readonly signalr: SignalR;
  /** Lets clients go and ends what runs by the clock; then writes what is not on disk yet. */
  stop(drainMs: number): Promise<void>;
};

/** Connections of an ended session are closed so long after it; the contract promises a second. */
const answerFirstMs = 200;

/** Rebuilds what lives in memory and wires handlers and hubs, by hand. It listens nowhere. */
export async function createApp(world: AppWorld): Promise<WiredApp> {
  const { settings, clock, random, logger, database, keys } = world;
  const devicesRepository = deviceRepository(database);
  const pending = pendingRepository(database);
  await pending.forgetConnections();
  const devices = createLiveDevices(await devicesRepository.bound());
  const tokens = world.tokens ?? createTokens(keys, clock, random);
  const accounts = accountRepository(database);
  const closedAccounts = await accounts.closed();
  const users = userRepository(database);
  const members = createMembers(clock, {
    closedAccounts,
    members: await users.mayAct(),
    endedSessions: await recentlyEnded(database.queries, clock.now() - rememberEndedMs),
  });
  const journal = createLocationJournal(database, clock, logger);
  const warn = (what: string) => (error: unknown) => logger.error({ err: error }, what);
  const collection = createCollection(await pending.uncollected(clock.now()), (deviceId) => {
    pending.collected(deviceId, clock.now()).catch(warn("a collected token could not be noted"));
  });

  const parts: Omit<
    App,
    "tell" | "presence" | "messages" | "history" | "fastLocation" | "rescues" | "zoneVisits" | "housekeeping"
  > = {
    clock,
    random,
    logger,
    database,
    accounts,
    passwords: world.passwords ?? createPasswords(),
    users,
    members,
    signInLimits: createSignInLimits(clock),
    tokenRenewals: createTokenBuckets(clock, tokenRenewalRate),
    sessions: createSessions({
      database,
      tokens,
      keys,
      clock,
      random,
      ended(accountId, sessionIds) {
        for (const sessionId of sessionIds) members.sessionEnded(sessionId);
        // Whoever ended it over its own connection gets the answer first.
        clock.after(answerFirstMs, () => app.tell.disconnectSessions(accountId, sessionIds));
      },
    }),
    tokens,
    async authenticate(token) {
      const verified = await tokens.verify(token);
      if (verified === null) return null;
      if (verified.kind === "user") {
        const role = members.roleOf(verified);
        return role === null ? null : { ...verified, role };
      }
      if (devices.get(verified.accountId, verified.deviceId) === null || members.isClosed(verified.accountId))
        return null;
      collection.shown(verified.deviceId);
      return verified;
    },
    devices,
    deviceRepository: devicesRepository,
    journal,
    messageTemplates: templateRepository(database),
    pending,
    pairingConnections: createPairingConnections(),
    ownPending: new Map(),
    collection,
    digests: pairingDigests(keys.pairingKey),
    guesses: createGuessLimits(clock),
    codeRequests: createTokenBuckets(clock, initRate),
    liveCodes: createLiveCodes(clock),
    rescueRepository: rescueRepository(database),
    zones: await createZones(database),
  };
  // The hubs' handlers need the app, and the app tells through the hubs: both are whole before the first call.
  const app = parts as App;

  const signalr = createSignalR({
    clock: signalRClock(clock),
    randomBytes: random,
    logger,
    allowedOrigins: hubOrigins(settings),
    trustedProxies: settings.trustProxy ? 1 : 0,
    ...(world.defer === undefined ? {} : { defer: world.defer }),
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
  const messages = createMessaging({ clock, database, tell, logger });
  Object.assign(app, { tell, presence, messages });
  await messages.start();
  const history = await createHistory(app);
  const fastLocation = await createFastLocation({ clock, store: leaseRepository(database), tell });
  const store = parts.rescueRepository;
  const rescues = await createRescues({ clock, random, store, devices, fastLocation, tell, logger });
  Object.assign(app, { history, fastLocation, rescues });
  const zoneVisits = await createZoneVisits(app);
  Object.assign(app, { zoneVisits });

  const release = (accountId: number) => releaseDevices(app, accountId);
  const housekeeping = createHousekeeping({ database, clock, logger, closed: closedAccounts, release });
  Object.assign(app, { housekeeping });

  const stopPurging = every(clock, purgePendingEveryMs, () => {
    pending.purge(clock.now()).catch(warn("finished pairings could not be forgotten"));
  });

  return {
    app,
    signalr,
    async stop(drainMs) {
      stopPurging();
      rescues.stop();
      fastLocation.stop();
      await signalr.stop({ timeoutMs: drainMs });
      history.syncs[Symbol.dispose]();
      messages.close();
      await housekeeping.stop();
      await zoneVisits.stop();
      await journal.flush();
    },
  };
}

/** Pages of these origins may use the hubs; those of the address itself may anyway. */
function hubOrigins({ allowedOrigins, publicUrl }: AppWorld["settings"]): string[] {
  return publicUrl === null ? [...allowedOrigins] : [...allowedOrigins, new URL(publicUrl).origin];
}
