import { hubLimits } from "@dsp-fleet/contract";
import { type Clock, every, isoTime } from "../clock.ts";
import type { LiveDevices } from "../devices/live-devices.ts";
import type { FastLocation } from "../fast-location/fast-location.ts";
import type { Tell } from "../hubs/tell.ts";
import { type InOrder, inOrder } from "../limits/in-order.ts";
import { rescueRate } from "../limits/rates.ts";
import { createTokenBuckets, type TokenBuckets } from "../limits/token-buckets.ts";
import type { Logger } from "../logger.ts";
import { type Random, randomUuid } from "../random.ts";
import { createPacer, type Pacer } from "./pacer.ts";
import { type EndedRescue, type StoredRescue, sideOf } from "./rescue.ts";
import type { EndOutcome, NewRescue, RescueEnding, RescueRepository, StartOutcome } from "./rescue-repository.ts";

/** A peer's position at most so often: what a person who drives towards it can use. */
const peerEveryMs = 2_000;
/** Both phones report this often, so that each position to be passed on is a new one. */
const intervalSeconds = 2;
/** A phone that loses the server in a rescue stops reporting fast after so long by itself. */
const leaseSeconds = 600;
/** A dead line is given up 30 s after its last sign; a phone that comes back earlier than this hears of an end once more. */
const heardAfterMs = hubLimits.clientTimeoutMs + 5_000;
/** Half of the lease, so that one renewal may get lost. */
const renewEveryMs = 300_000;

/** An end, and the connections that were told of it. */
type Missed = { readonly rescue: EndedRescue; readonly told: Set<string> };

/** Open rescue sessions: in memory what reports ask, in the store everything. */
export type Rescues = {
  /** By user. */
  readonly requests: TokenBuckets;
  start(rescue: Omit<NewRescue, "sessionId" | "at">): Promise<StartOutcome>;
  end(ending: Omit<RescueEnding, "at">): Promise<EndOutcome>;
  /** Runs what ends a session by other means while none of the account starts or ends. */
  inTurn: InOrder<number>;
  /** The session has ended in the store, with its device's unbinding. */
  ended(rescue: EndedRescue): void;
  /** The device has a new position. Asked for each report. */
  moved(deviceId: number): void;
  isInRescue(deviceId: number): boolean;
  /** What a phone that connects has to hear. */
  greet(deviceId: number, connectionId: string): void;
  /** Ends what runs by the clock. */
  stop(): void;
};

type OpenRescue = {
  readonly rescue: StoredRescue;
  /** Connections of the pair that know of it: a phone that has just joined hears of positions after it was greeted. */
  readonly told: Set<string>;
  /** By the device whose positions go to its peer. */
  readonly pacers: ReadonlyMap<number, Pacer>;
  readonly stopRenewing: () => void;
};

/**
 *   none ── start ──▶ open ── complete ──────────────────────▶ ended: completed
 *                      │
 *                      └───── cancel, or a device is unbound ─▶ ended: cancelled_by_dispatcher
 *
 * While it is open both phones hold a fast-location lease and hear each other's position. What ended stays ended.
 */
export async function createRescues(parts: {
  clock: Clock;
  random: Random;
  store: Pick<RescueRepository, "start" | "end" | "open" | "missedEnds" | "heardEnds">;
  devices: LiveDevices;
  fastLocation: Pick<FastLocation, "start" | "end">;
  tell: Pick<Tell, "accountExcept" | "accountAndDevices" | "device" | "connection" | "connectionsOf">;
  logger: Pick<Logger, "error">;
}): Promise<Rescues> {
  const { clock, random, store, devices, fastLocation, tell, logger } = parts;
  /** Both devices of each open session. */
  const byDevice = new Map<number, OpenRescue>();
  /** Ends that a phone is not known to have heard of, oldest first. */
  const missed = new Map<number, Missed[]>();
  const hearings = new Set<() => void>();
  const inTurn = inOrder<number>();

  const pairOf = (rescue: StoredRescue): [number, number] => [rescue.rescueeDeviceId, rescue.rescuerDeviceId];

  function opened(rescue: StoredRescue, told: Set<string>): OpenRescue {
    const pacers = new Map(
      pairOf(rescue).map((deviceId) => {
        const { peerDeviceId } = sideOf(rescue, deviceId);
        const toldOnes = () => tell.connectionsOf(peerDeviceId).filter((connectionId) => told.has(connectionId));
        return [deviceId, createPacer(clock, peerEveryMs, () => sendPosition(rescue, deviceId, toldOnes()))];
      }),
    );
    const holdLeases = () => {
      const expiresAt = clock.now() + leaseSeconds * 1000;
      for (const deviceId of pairOf(rescue)) {
        fastLocation.start(deviceId, { owner: "rescue", intervalSeconds, expiresAt });
      }
    };
    holdLeases();
    const open = { rescue, told, pacers, stopRenewing: every(clock, renewEveryMs, holdLeases) };
    for (const deviceId of pairOf(rescue)) byDevice.set(deviceId, open);
    return open;
  }

  /** False when no position of the device is known, or nobody is there to hear it. */
  function sendPosition(rescue: StoredRescue, peerDeviceId: number, connectionIds: readonly string[]): boolean {
    const peer = devices.get(rescue.accountId, peerDeviceId);
    if (peer === null || peer.lastLat === null || peer.lastLon === null || peer.lastLocationAt === null) return false;
    const { lastLat: lat, lastLon: lon, lastLocationAt } = peer;
    const position = { peerDeviceId, lat, lon, atUtc: isoTime(lastLocationAt) };
    for (const connectionId of connectionIds) tell.connection(connectionId).RescuePeerLocation({ position });
    return connectionIds.length > 0;
  }

  const startOf = ({ sessionId, rescueeDeviceId, rescuerDeviceId, startedAt }: StoredRescue) => ({
    sessionId,
    rescueeDeviceId,
    rescuerDeviceId,
    startedUtc: isoTime(startedAt),
  });

  function copyFor(deviceId: number, rescue: StoredRescue) {
    const side = sideOf(rescue, deviceId);
    const peerDisplayName = devices.get(rescue.accountId, side.peerDeviceId)?.name ?? "";
    return { session: { ...startOf(rescue), ...side, peerDisplayName } };
  }

  /** Each device of the pair gets its own copy and no other, also where it is among the account's connections. */
  function started(rescue: StoredRescue): void {
    const pair = pairOf(rescue);
    const told = new Set(pair.flatMap((deviceId) => tell.connectionsOf(deviceId)));
    tell.accountExcept(rescue.accountId, [...told]).RescueSessionStarted({ session: startOf(rescue) });
    for (const deviceId of pair) tell.device(deviceId).RescueSessionStarted(copyFor(deviceId, rescue));
    const { pacers } = opened(rescue, told);
    for (const pacer of pacers.values()) pacer.news();
  }

  function ended(rescue: EndedRescue): void {
    const pair = pairOf(rescue);
    const open = byDevice.get(rescue.rescueeDeviceId);
    if (open?.rescue.id === rescue.id) close(open);
    tell.accountAndDevices(rescue.accountId, pair).RescueSessionEnded({ ending: endOf(rescue) });
    for (const deviceId of pair) {
      if (devices.get(rescue.accountId, deviceId) !== null) toldEnd(deviceId, miss(deviceId, rescue));
      fastLocation.end(deviceId, "rescue");
    }
  }

  const endOf = ({ sessionId, endReason }: EndedRescue) => ({ sessionId, endReason });

  function close({ rescue, pacers, stopRenewing }: OpenRescue): void {
    stopRenewing();
    for (const pacer of pacers.values()) pacer.stop();
    for (const deviceId of pairOf(rescue)) byDevice.delete(deviceId);
  }

  function miss(deviceId: number, rescue: EndedRescue): Missed {
    const end: Missed = { rescue, told: new Set(tell.connectionsOf(deviceId)) };
    missed.set(deviceId, [...(missed.get(deviceId) ?? []), end]);
    return end;
  }

  /** A line may have been dead when it was told: it has heard once it has lived longer than a dead one can. */
  function toldEnd(deviceId: number, end: Missed): void {
    if (end.told.size === 0) return;
    const cancel = clock.after(heardAfterMs, () => {
      hearings.delete(cancel);
      const isKnown = missed.get(deviceId)?.includes(end) !== true;
      if (isKnown || !tell.connectionsOf(deviceId).some((connectionId) => end.told.has(connectionId))) return;
      const left = missed.get(deviceId)?.filter((other) => other !== end) ?? [];
      if (left.length === 0) missed.delete(deviceId);
      else missed.set(deviceId, left);
      heard(deviceId, [end.rescue]);
    });
    hearings.add(cancel);
  }

  /** Should this fail, the phone hears of the end once more after a restart. */
  function heard(deviceId: number, ends: readonly [EndedRescue, ...EndedRescue[]]): void {
    const ids = ends.map(({ id }) => id);
    store.heardEnds(ends[0].accountId, deviceId, ids).catch((error: unknown) => {
      logger.error({ err: error, deviceId }, "that a phone heard of its rescue's end could not be noted");
    });
  }

  for (const { deviceId, rescue } of await store.missedEnds()) {
    if (devices.get(rescue.accountId, deviceId) !== null) miss(deviceId, rescue);
  }
  for (const rescue of await store.open()) opened(rescue, new Set());

  return {
    requests: createTokenBuckets(clock, rescueRate),
    start: (rescue) =>
      inTurn(rescue.accountId, async () => {
        const outcome = await store.start({ ...rescue, sessionId: randomUuid(random), at: clock.now() });
        if (outcome.kind === "started") started(outcome.rescue);
        return outcome;
      }),
    end: (ending) =>
      inTurn(ending.accountId, async () => {
        const outcome = await store.end({ ...ending, at: clock.now() });
        if (outcome.kind === "ended") ended(outcome.rescue);
        return outcome;
      }),
    inTurn,
    ended,
    moved: (deviceId) => byDevice.get(deviceId)?.pacers.get(deviceId)?.news(),
    isInRescue: (deviceId) => byDevice.has(deviceId),
    greet(deviceId, connectionId) {
      const to = tell.connection(connectionId);
      for (const end of missed.get(deviceId) ?? []) {
        if (end.told.has(connectionId)) continue;
        to.RescueSessionEnded({ ending: endOf(end.rescue) });
        end.told.add(connectionId);
        toldEnd(deviceId, end);
      }

      const open = byDevice.get(deviceId);
      // One that began in the moment of connecting is heard already, with the peer's position.
      if (open === undefined || open.told.has(connectionId)) return;
      open.told.add(connectionId);
      to.RescueSessionStarted(copyFor(deviceId, open.rescue));
      const { peerDeviceId } = sideOf(open.rescue, deviceId);
      if (sendPosition(open.rescue, peerDeviceId, [connectionId])) open.pacers.get(peerDeviceId)?.sent();
    },
    stop() {
      for (const open of new Set(byDevice.values())) close(open);
      for (const cancel of hearings) cancel();
    },
  };
}
