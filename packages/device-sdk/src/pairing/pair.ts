import { type DeviceBound, deviceBound, pairingCodeLifeMs, pairingHub } from "@dsp-fleet/contract";
import {
  type Clock,
  createHubClient,
  fullJitter,
  type HubClientOptions,
  isFleetError,
  type Random,
  type RestClient,
} from "@dsp-fleet/fleet-client";
import type { DeviceInfo } from "../device-info.ts";
import { pause } from "../pause.ts";

export type PairingCode = { readonly code: string; readonly expiresAtMs: number };

type PairOptions = {
  rest: Pick<RestClient, "initDevice">;
  /** Where pairingHub of the answer hangs when it is only a path. */
  baseUrl: string;
  hub: Pick<HubClientOptions, "openConnection" | "onOnline">;
  clock: Clock;
  random: Random;
  deviceGuid: string;
  info: DeviceInfo;
  onCode: (code: PairingCode) => void;
  signal: AbortSignal;
};

/** A code is replaced this long before it runs out: nobody types one that dies under the fingers. */
const renewBeforeMs = 60_000;
const pairingBackoff = { minimumMs: 1_000, maximumMs: 60_000 };

/** Shows codes until a dispatcher enters one. Being away in that moment is fine: registering again brings DeviceBound. */
export async function pair(options: PairOptions): Promise<DeviceBound> {
  const { rest, clock, random, deviceGuid, info, signal } = options;
  const bound = Promise.withResolvers<DeviceBound>();
  const abort = () => bound.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  bound.promise.catch(() => {});

  const first = await requestCode();
  await using hub = createHubClient(pairingHub, {
    ...options.hub,
    url: new URL(first.pairingHub, absolute(options.baseUrl)).href,
    clock,
    random,
  });
  let cancelRenewal = showUntilRenewal(first);
  let failures = 0;

  hub.on("DeviceBound", (event) => {
    const parsed = deviceBound.safeParse(event.bound);
    if (parsed.success) bound.resolve(parsed.data);
  });
  hub.onConnected(() => void register());
  hub.start();
  try {
    return await bound.promise;
  } finally {
    cancelRenewal();
    signal.removeEventListener("abort", abort);
  }

  async function register(): Promise<void> {
    try {
      if (await hub.invoke("RegisterConnectionForPairing", { deviceGuid })) failures = 0;
      else if (!signal.aborted) replaceCode(fullJitter(pairingBackoff, failures++, random));
    } catch {
      // Lost in between: the next connect registers again. A server that failed gets another go later.
      if (!signal.aborted)
        clock.after(fullJitter(pairingBackoff, failures++, random), () => {
          if (!signal.aborted && hub.state.kind === "connected") void register();
        });
    }
  }

  function replaceCode(delayMs: number): void {
    cancelRenewal();
    cancelRenewal = clock.after(delayMs, () => void renew());
  }

  async function renew(): Promise<void> {
    try {
      cancelRenewal = showUntilRenewal(await requestCode());
      if (hub.state.kind === "connected") await register();
    } catch {
      // Only by the signal, which ends everything else as well.
    }
  }

  function showUntilRenewal({ code, expiresAt }: { code: string; expiresAt: string }): () => void {
    const leftMs = Date.parse(expiresAt) - clock.now();
    // By a clock that is wrong a fresh code would look dead or everlasting; then its usual life counts.
    const lifeMs = leftMs > 0 && leftMs <= pairingCodeLifeMs ? leftMs : pairingCodeLifeMs;
    options.onCode({ code, expiresAtMs: clock.now() + lifeMs });
    return clock.after(Math.max(lifeMs / 2, lifeMs - renewBeforeMs), () => void renew());
  }

  async function requestCode() {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await rest.initDevice({ body: { deviceGuid, ...info }, signal });
      } catch (error) {
        signal.throwIfAborted();
        const askedMs = isFleetError(error) ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
        await pause(clock, Math.max(askedMs, fullJitter(pairingBackoff, attempt, random)), signal);
      }
    }
  }
}

/** A page's own origin is written as an empty baseUrl. */
function absolute(baseUrl: string): string {
  const { location } = globalThis as { location?: { href: string } };
  return baseUrl === "" && location !== undefined ? location.href : baseUrl;
}
