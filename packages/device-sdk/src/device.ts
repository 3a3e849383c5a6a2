import { type DeviceBound, fleetHub } from "@dsp-fleet/contract";
import {
  type Clock,
  createHubClient,
  createListeners,
  createRestClient,
  fullJitter,
  type HubState,
  isFleetError,
  onPlatformOnline,
  type Random,
  stockConnection,
  systemClock,
} from "@dsp-fleet/fleet-client";
import { makeDeviceGuid, type RandomBytes, systemRandomBytes } from "./device-guid.ts";
import type { DeviceInfo } from "./device-info.ts";
import type { DeviceState } from "./device-state.ts";
import { createFastLocationKeeper, type FastLocation } from "./fast-location.ts";
import type { Fix } from "./fix.ts";
import { createInbox, type Inbox } from "./messages/inbox.ts";
import type { Network } from "./network.ts";
import { pair } from "./pairing/pair.ts";
import { pause } from "./pause.ts";
import { keepTokenFresh } from "./renew-token.ts";
import { createReporter, type Reporter, type ReporterCounts } from "./report/reporter.ts";
import { createRescueKeeper, type DeviceRescue, type RescueChange } from "./rescue.ts";
import type { DeviceStore, StoredIdentity } from "./store/device-store.ts";
import type { IncomingMessage } from "./store/message-store.ts";

/*
 *            code from the server          DeviceBound
 *   fresh ─────────────────────▶ pairing ──────────────▶ bound
 *     ▲                          ▲    │ a fresh code        │ first connect
 *     │ stop(), start()          └────┘ before it expires   ▼
 *   unbound ◀────────────────────────────────────────── connected ⇄ offline
 *             401, and the server says so when asked again
 */

export type DeviceOptions = {
  /** The server, for example `https://fleet.example`; empty in a page that the server served. */
  baseUrl: string;
  store: DeviceStore;
  info: DeviceInfo;
  network?: Network;
  clock?: Clock;
  /** For jitter. */
  random?: Random;
  /** For the GUID: secure. */
  randomBytes?: RandomBytes;
  /** Hears of what should not happen (a store that fails); the device tries again by itself. */
  onProblem?: (error: unknown) => void;
};

export type Device = AsyncDisposable & {
  readonly state: DeviceState;
  onState(listener: (state: DeviceState) => void): () => void;
  readonly counts: ReporterCounts;
  /** How often the account wants a fix now, and until when; null: as the app sees fit. It is for the app to report so often. */
  readonly fastLocation: FastLocation | null;
  onFastLocation(listener: (wish: FastLocation | null) => void): () => void;
  /** The rescue session that this phone is in. */
  readonly rescue: DeviceRescue | null;
  onRescue(listener: (change: RescueChange) => void): () => void;
  start(): void;
  stop(): Promise<void>;
  /** Keeps the fix, then sends it; resolves once it would survive a crash. While nobody owns the phone it is not kept. */
  report(fix: Fix): Promise<"kept" | "not-bound">;
  /** A message to show; once, and again after a restart while it was not seen. Subscribe before `start`. */
  onMessage(listener: (message: IncomingMessage) => void): () => void;
  /** The driver has seen it; resolves once that would survive a crash, and reaches the server when it can. */
  seen(messageId: string): Promise<void>;
  /** The driver's reply, in the same way; the first one stays. */
  respond(messageId: string, responseText: string): Promise<void>;
};

const noCounts: ReporterCounts = { queued: 0, accepted: 0, duplicates: 0, rejected: 0, live: 0, dropped: 0 };
/** Between attempts to go on after a failure of the store, and to learn whether the phone is still bound. */
const retryBackoff = { minimumMs: 1_000, maximumMs: 60_000 };

/** A hub that cannot be reached so often may be somewhere else now; asking at once would double the load of a restart. */
const askWhereAfterFailures = 3;
/** And how often the phone asks. */
const askAgainAfterMs = 60_000;

type Life = {
  readonly abort: AbortController;
  /** Resolves once it is known whether the phone is bound. */
  readonly loaded: PromiseWithResolvers<void>;
  ended: Promise<void>;
};

/** One phone from its first start to its unbinding. */
export function createDevice(options: DeviceOptions): Device {
  const { baseUrl, store, info, clock = systemClock, random = Math.random, onProblem = () => {} } = options;
  const { randomBytes = systemRandomBytes } = options;
  const send: typeof fetch = options.network?.fetch ?? ((input, init) => fetch(input, init));
  const { openConnection = stockConnection(send), onOnline = onPlatformOnline } = options.network ?? {};
  const states = createListeners<DeviceState>();
  const fastLocation = createFastLocationKeeper(clock);
  const rescue = createRescueKeeper();
  const messages = createListeners<IncomingMessage>();

  let state: DeviceState = { kind: "fresh" };
  let life: Life | null = null;
  let reporter: Reporter | null = null;
  let inbox: Inbox | null = null;
  let counts = noCounts;

  function become(next: DeviceState): void {
    state = next;
    states.emit(next);
  }

  async function live({ abort: { signal }, loaded }: Life): Promise<void> {
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const identity = await identify();
        if (identity.bound === null) loaded.resolve();
        const bound = identity.bound ?? (await bind(identity, signal));
        signal.throwIfAborted();
        if ((await drive({ deviceGuid: identity.deviceGuid, bound }, signal, loaded.resolve)) === "unbound") return;
        failures = -1;
      } catch (error) {
        if (signal.aborted) return;
        onProblem(error);
        await pause(clock, fullJitter(retryBackoff, failures, random), signal).catch(() => {});
      }
    }
  }

  /** The GUID is made once and kept until the phone is unbound. */
  async function identify(): Promise<StoredIdentity> {
    const kept = await store.readIdentity();
    if (kept !== null) return kept;
    const identity: StoredIdentity = { deviceGuid: makeDeviceGuid(randomBytes), bound: null };
    await store.writeIdentity(identity);
    return identity;
  }

  async function bind({ deviceGuid }: StoredIdentity, signal: AbortSignal): Promise<DeviceBound> {
    const bound = await pair({
      rest: createRestClient({ baseUrl, fetch: send, clock }),
      baseUrl,
      hub: { openConnection, onOnline },
      clock,
      random,
      deviceGuid,
      info,
      onCode: ({ code, expiresAtMs }) => become({ kind: "pairing", code, expiresAtMs }),
      signal,
    });
    await store.writeIdentity({ deviceGuid, bound });
    return bound;
  }

  /** Reports until the account lets the phone go, or the server has moved its hub and said where. */
  async function drive(
    { deviceGuid, bound }: { deviceGuid: string; bound: DeviceBound },
    signal: AbortSignal,
    loaded: () => void,
  ): Promise<"unbound" | "moved"> {
    const { accessToken: tokenAtStart, ...device } = bound;
    let accessToken = tokenAtStart;
    const { appVersion = null, appLanguage = null } = info;
    const rest = createRestClient({ baseUrl, fetch: send, clock, accessToken: () => accessToken });
    const over = Promise.withResolvers<"unbound" | "moved">();
    let askedAtMs = Number.NEGATIVE_INFINITY;
    await using hub = createHubClient(fleetHub, {
      url: bound.signalREndpoint,
      accessToken: () => accessToken,
      openConnection,
      onOnline,
      clock,
      random,
    });
    using reports = await createReporter({
      hub,
      store,
      clock,
      random,
      info: { appVersion, appLanguage },
      sendHistory: (body, ended) => rest.historySync({ body, signal: ended }),
    });
    signal.throwIfAborted();
    signal.addEventListener("abort", () => over.reject(signal.reason), { once: true });
    using incoming = await createInbox({
      hub,
      store: store.messages,
      clock,
      random,
      show: messages.emit,
      onProblem,
    });
    reporter = reports;
    inbox = incoming;
    let refusals = 0;
    let failures = 0;

    hub.onState((next) => {
      if (next.kind === "connected") refusals = failures = 0;
      else counts = reports.counts;
      follow(next);
      if (next.kind === "closed" && next.reason === "unauthorized") void askWhetherBound().catch(over.reject);
      if (next.kind !== "waiting") return;
      failures += 1;
      if (failures >= askWhereAfterFailures && clock.now() - askedAtMs >= askAgainAfterMs) void askWhereTheHubIs();
    });
    const stopFollowing = [fastLocation.follow(hub), rescue.follow(hub)];
    become({ kind: "bound", device });
    loaded();
    hub.start();
    const stopRenewing = keepTokenFresh({
      rest,
      token: () => accessToken,
      async keep(token) {
        await store.writeIdentity({ deviceGuid, bound: { ...bound, accessToken: token } });
        accessToken = token;
      },
      clock,
      onProblem,
    });
    let end: "unbound" | "moved";
    try {
      end = await over.promise;
    } finally {
      stopRenewing();
      for (const forget of stopFollowing) forget();
      counts = reports.counts;
      reporter = null;
      inbox = null;
    }
    if (end === "unbound") {
      await hub.stop();
      await store.wipe();
      fastLocation.clear();
      rescue.clear();
      become({ kind: "unbound" });
    }
    return end;

    function follow(next: HubState): void {
      if (next.kind === "connected") become({ kind: "connected", device, sinceMs: next.sinceMs });
      else if (next.kind === "waiting" && state.kind !== "offline") {
        become({ kind: "offline", device, sinceMs: next.sinceMs });
      }
    }

    /** A 401 from the hub may be a proxy's, or a mistake; only the server's own word wipes a phone. */
    async function askWhetherBound(): Promise<void> {
      for (;;) {
        try {
          await rest.deviceMe({ signal });
        } catch (error) {
          signal.throwIfAborted();
          if (isFleetError(error, "unauthorized")) return over.resolve("unbound");
          await pause(clock, fullJitter(retryBackoff, refusals++, random), signal);
          continue;
        }
        await pause(clock, fullJitter(retryBackoff, refusals++, random), signal);
        return hub.start();
      }
    }

    /** The address of the hub was learned at pairing; a server that moved since says so under the address that stays. */
    async function askWhereTheHubIs(): Promise<void> {
      askedAtMs = clock.now();
      try {
        const settings = await rest.deviceMe({ signal });
        if (settings.signalREndpoint === bound.signalREndpoint) return;
        await store.writeIdentity({ deviceGuid, bound: { ...settings, accessToken } });
        over.resolve("moved");
      } catch (error) {
        if (isFleetError(error, "unauthorized")) over.resolve("unbound");
      }
    }
  }

  async function stop(): Promise<void> {
    const ending = life;
    life = null;
    ending?.abort.abort();
    await ending?.ended;
  }

  return {
    get state() {
      return state;
    },
    get counts() {
      return reporter?.counts ?? counts;
    },
    onState: (listener) => states.add(listener),
    get fastLocation() {
      return fastLocation.current;
    },
    onFastLocation: fastLocation.onChange,
    get rescue() {
      return rescue.current;
    },
    onRescue: rescue.onChange,
    start() {
      if (life !== null) return;
      const mine: Life = { abort: new AbortController(), loaded: Promise.withResolvers(), ended: Promise.resolve() };
      life = mine;
      become({ kind: "fresh" });
      mine.ended = live(mine).finally(mine.loaded.resolve);
    },
    stop,
    async report(fix) {
      await life?.loaded.promise;
      if (reporter === null) return "not-bound";
      await reporter.report(fix);
      return "kept";
    },
    onMessage: (listener) => messages.add(listener),
    async seen(messageId) {
      await store.messages.say(messageId, { kind: "seen" });
      inbox?.settle();
    },
    async respond(messageId, responseText) {
      await store.messages.say(messageId, { kind: "responded", responseText });
      inbox?.settle();
    },
    [Symbol.asyncDispose]: stop,
  };
}
