import { historyLimits, type SyncState } from "@dsp-fleet/contract";
import type { Clock } from "../clock.ts";
import { isoOrNull, type LiveDevice } from "../devices/live-device.ts";
import type { LiveDevices } from "../devices/live-devices.ts";
import type { Tell } from "../hubs/tell.ts";
import { inOrder } from "../limits/in-order.ts";
import type { Logger } from "../logger.ts";
import type { DeviceKey, HistorySync, HistorySyncRepository } from "./history-sync-repository.ts";

/** A phone that is at it sends a batch every few seconds; after so long it is at it no more. */
const silenceMs = 5 * 60_000;
const hourMs = 3_600_000;

/** A batch that came, and whether the phone has no more. */
export type Arrived = { received: number; fromMs: number | null; toMs: number | null; final: boolean };

export type HistorySyncs = Disposable & {
  /** Asks for the last `hours`; false when there is no such bound device. */
  request(device: LiveDevice, hours: number, requestedBy: number): Promise<boolean>;
  /** A batch is on disk. One that nobody asked for changes no state. */
  arrived(device: LiveDevice, batch: Arrived): Promise<void>;
  /** The device has just connected: asks it again for what is open. */
  greet(device: LiveDevice, connectionId: string): Promise<void>;
};

/**
 *                       ┌──────────────── a dispatcher asks, in any state; the phone hears it at each connect
 *                       ▼
 *   idle ──────────▶ requested ── connected, yet silent for 5 min ──▶ failed
 *                     │     ▲                                          ▲ │
 *               batch │     └── the phone connects: asked anew ────────┼─┤
 *                     ▼                                                │ │ batch
 *                  syncing ── silent for 5 min ────────────────────────┘ │
 *                   │ ▲ └─ batch ─┐                                      │
 *                   │ └───────────┴──────────────────────────────────────┘
 *                   └── final batch ──▶ synced        (the first batch may be the final one)
 *
 * `requested`, `syncing` and `failed` are open: the phone is asked again at each connect. Each step is on disk before it is told.
 */
export function createHistorySyncs(parts: {
  repository: HistorySyncRepository;
  open: readonly (DeviceKey & { sync: HistorySync })[];
  devices: LiveDevices;
  tell: Pick<Tell, "account" | "device" | "connection" | "deviceUpdated">;
  clock: Clock;
  logger: Logger;
}): HistorySyncs {
  const { repository, devices, tell, clock, logger } = parts;
  const open = new Map<number, HistorySync>();
  const timers = new Map<number, () => void>();
  /** Steps of one device happen one after the other. */
  const inTurn = inOrder<number>();

  function expectNews(device: LiveDevice): void {
    stopExpecting(device.id);
    const silent = () => {
      timers.delete(device.id);
      inTurn(device.id, () => giveUp(device)).catch((error: unknown) => {
        logger.error({ err: error }, notKept);
        // The phone is as silent as before; that the store is away now must not hide it for good.
        if (!timers.has(device.id)) expectNews(device);
      });
    };
    timers.set(device.id, clock.after(silenceMs, silent));
  }

  function stopExpecting(deviceId: number): void {
    timers.get(deviceId)?.();
    timers.delete(deviceId);
  }

  /** Nobody has heard the request of a phone that is away, so it stays open as it is. */
  async function giveUp(device: LiveDevice): Promise<void> {
    const sync = open.get(device.id);
    // A timer that was set meanwhile has the word.
    if (sync === undefined || timers.has(device.id)) return;
    if (!isBound(device)) return void open.delete(device.id);
    if (device.syncState === "syncing" || (device.syncState === "requested" && device.isConnected)) {
      await step(device, "failed", sync);
    }
  }

  async function step(device: LiveDevice, state: SyncState, sync: HistorySync): Promise<void> {
    await repository.advance(keyOf(device), state, sync);
    became(device, state, sync);
  }

  function became(device: LiveDevice, state: SyncState, sync: HistorySync): void {
    if (state === "synced") open.delete(device.id);
    else open.set(device.id, sync);
    if (!isBound(device)) return;
    if (device.syncState !== state) {
      device.syncState = state;
      devices.changed(device);
      tell.deviceUpdated(device);
    }
    tell.account(device.accountId).HistoryProgress({
      progress: {
        deviceId: device.id,
        syncState: state,
        received: sync.received,
        from: isoOrNull(sync.fromMs),
        to: isoOrNull(sync.toMs),
      },
    });
  }

  const isBound = (device: LiveDevice) => devices.get(device.accountId, device.id) === device;

  /** What was asked for lies further back with each hour that the phone was away. */
  function hoursNow({ hours, requestedAt }: HistorySync): number {
    const passed = Math.max(0, Math.ceil((clock.now() - requestedAt - silenceMs) / hourMs));
    return Math.min(historyLimits.syncHours, hours + passed);
  }

  for (const { accountId, deviceId, sync } of parts.open) {
    const device = devices.get(accountId, deviceId);
    if (device === null) continue;
    open.set(deviceId, sync);
    if (device.syncState === "syncing") expectNews(device);
  }

  return {
    request: (device, hours, requestedBy) =>
      inTurn(device.id, async () => {
        const sync: HistorySync = { hours, requestedAt: clock.now(), ...nothingYet };
        if (!(await repository.request(keyOf(device), sync, requestedBy))) return false;
        became(device, "requested", sync);
        tell.device(device.id).RequestHistorySync({ hours });
        if (device.isConnected) expectNews(device);
        else stopExpecting(device.id);
        return true;
      }),

    arrived: (device, batch) =>
      inTurn(device.id, async () => {
        const sync = open.get(device.id);
        if (sync === undefined) return;
        const state = batch.final ? "synced" : "syncing";
        await step(device, state, {
          ...sync,
          received: sync.received + batch.received,
          fromMs: least(sync.fromMs, batch.fromMs),
          toMs: greatest(sync.toMs, batch.toMs),
        });
        if (batch.final) stopExpecting(device.id);
        else expectNews(device);
      }),

    async greet(device, connectionId) {
      if (!open.has(device.id)) return;
      await inTurn(device.id, async () => {
        const failed = device.syncState === "failed" ? open.get(device.id) : undefined;
        if (failed !== undefined) await step(device, "requested", { ...failed, ...nothingYet });
      }).catch((error: unknown) => logger.error({ err: error }, notKept));
      const sync = open.get(device.id);
      if (sync === undefined) return;
      tell.connection(connectionId).RequestHistorySync({ hours: hoursNow(sync) });
      expectNews(device);
    },

    [Symbol.dispose]() {
      for (const deviceId of [...timers.keys()]) stopExpecting(deviceId);
    },
  };
}

const notKept = "the state of a history sync could not be kept";
const nothingYet = { received: 0, fromMs: null, toMs: null } as const;
const keyOf = ({ accountId, id }: LiveDevice): DeviceKey => ({ accountId, deviceId: id });
const least = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b));
const greatest = (a: number | null, b: number | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b));
