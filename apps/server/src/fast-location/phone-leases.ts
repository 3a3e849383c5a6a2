import type { FastLocation } from "@dsp-fleet/contract";
import { type Clock, isoTime } from "../clock.ts";
import type { Tell } from "../hubs/tell.ts";
import { type Lease, type LeaseOwner, patienceMs, remainingSeconds, tightest } from "./lease.ts";

/** A phone that does not obey is asked again after its patience, then after twice, four and eight times as long. */
const mostDoublings = 3;

export type StoredLease = {
  deviceId: number;
  intervalSeconds: number;
  expiresAt: number;
  /** Null while it runs. */
  endedAt: number | null;
};

/** Which phones are to report more often, and whether they do: all of it in memory. */
export type PhoneLeases = {
  /** Takes over what was stored, at start: nothing is told, for nobody is connected yet. */
  restore(stored: readonly StoredLease[]): void;
  /** A new lease of this owner; it replaces the owner's old one. */
  start(deviceId: number, lease: Lease): void;
  /** Ends this owner's lease before its time. */
  end(deviceId: number, owner: LeaseOwner): void;
  /** The device has reported a position. Asked for each report. */
  reported(deviceId: number): void;
  /** What a phone that connects has to hear. */
  greet(deviceId: number, connectionId: string): void;
  read(deviceId: number): FastLocation | null;
  /** The device is unbound. */
  forget(deviceId: number): void;
  /** Ends what runs by the clock. */
  stop(): void;
};

type Held = {
  readonly deviceId: number;
  /** At most one of each owner. */
  readonly leases: Map<LeaseOwner, Lease>;
  /** The one that the phone has; null only until the first is settled. */
  current: Lease | null;
  askedAt: number;
  /** Times asked since the last sign of the phone. */
  repeats: number;
  lastReportAt: number | null;
  /** Connections that have heard of the current lease. */
  told: Set<string>;
  cancelEnd: () => void;
  cancelCheck: () => void;
};

/**
 *                start                                start by the other owner
 *   no lease ─────────────▶ one owner's lease ◀───────────────────────────────────▶ both owners' leases
 *      ▲                     │     ▲      │        one of them ends or runs out       the tighter is the phone's
 *      │ ended early:        │     └──────┘
 *      │ StopFastLocation    │     start by the same owner: replaced
 *      │ ran out: nothing,   │
 *      └─────────────────────┘
 *        the phone counts itself
 *
 * Whenever the phone's lease is another than before, it hears StartFastLocation with the seconds that remain. A lease that is given
 * while a tighter one runs waits behind it. A rescue's end ends the rescue's lease alone, a dispatcher's DELETE the dispatcher's.
 *
 * Proof of life, while the phone is connected:
 *
 *   asked ── report ──▶ obeying ── patience without a report ──▶ silent: asked again, ever more seldom
 *                          ▲─────────────── report ────────────────┘
 */
export function createPhoneLeases(parts: {
  clock: Clock;
  tell: Pick<Tell, "device" | "connection" | "connectionsOf">;
}): PhoneLeases {
  const { clock, tell } = parts;
  const held = new Map<number, Held>();
  /** Devices that were away when their lease was ended → when it would have run out by itself. */
  const unheardEnds = new Map<number, number>();

  function hold(deviceId: number): Held {
    const entry: Held = {
      deviceId,
      leases: new Map(),
      current: null,
      askedAt: clock.now(),
      repeats: 0,
      lastReportAt: null,
      told: new Set(),
      cancelEnd: () => undefined,
      cancelCheck: () => undefined,
    };
    held.set(deviceId, entry);
    return entry;
  }

  function letGo(entry: Held): void {
    entry.cancelEnd();
    entry.cancelCheck();
    held.delete(entry.deviceId);
  }

  /** Makes the tightest lease the phone's, and says so when it is another than before. */
  function settle(entry: Held, isEndedEarly: boolean): void {
    const before = entry.current;
    const next = tightest(entry.leases.values(), clock.now());
    if (next === null) {
      letGo(entry);
      if (isEndedEarly && before !== null) sayStop(entry.deviceId, before);
      return;
    }
    if (next === before) return armEnd(entry, next);
    entry.current = next;
    entry.repeats = 0;
    ask(entry, next);
    watch(entry, next);
  }

  function ask(entry: Held, lease: Lease): void {
    entry.askedAt = clock.now();
    entry.told = new Set(tell.connectionsOf(entry.deviceId));
    tell.device(entry.deviceId).StartFastLocation(argumentsOf(lease));
  }

  const argumentsOf = (lease: Lease) => ({
    intervalSeconds: lease.intervalSeconds,
    durationSeconds: remainingSeconds(lease, clock.now()),
  });

  function sayStop(deviceId: number, { expiresAt }: Lease): void {
    if (tell.connectionsOf(deviceId).length === 0) unheardEnds.set(deviceId, expiresAt);
    tell.device(deviceId).StopFastLocation({});
  }

  function watch(entry: Held, lease: Lease): void {
    armEnd(entry, lease);
    checkIn(entry, lease, patienceMs(lease));
  }

  function armEnd(entry: Held, lease: Lease): void {
    entry.cancelEnd();
    entry.cancelEnd = clock.after(Math.max(1, lease.expiresAt - clock.now()), () => settle(entry, false));
  }

  function checkIn(entry: Held, lease: Lease, ms: number): void {
    entry.cancelCheck();
    entry.cancelCheck = clock.after(ms, () => check(entry, lease));
  }

  function check(entry: Held, lease: Lease): void {
    const patience = patienceMs(lease);
    const waitMs = () => patience * 2 ** Math.min(entry.repeats, mostDoublings);
    const quietMs = clock.now() - Math.max(entry.askedAt, entry.lastReportAt ?? 0);
    if (quietMs < waitMs()) return checkIn(entry, lease, waitMs() - quietMs);
    // Who is away is asked when it returns.
    if (tell.connectionsOf(entry.deviceId).length === 0) return checkIn(entry, lease, patience);
    entry.repeats += 1;
    ask(entry, lease);
    checkIn(entry, lease, waitMs());
  }

  function signOf({ deviceId, lastReportAt, askedAt, repeats }: Held, lease: Lease): FastLocation["sign"] {
    if (tell.connectionsOf(deviceId).length === 0) return "offline";
    const isRecent = (at: number) => clock.now() - at <= patienceMs(lease);
    if (lastReportAt !== null && isRecent(lastReportAt)) return "obeying";
    return lastReportAt === null && repeats === 0 && isRecent(askedAt) ? "waiting" : "silent";
  }

  return {
    restore(stored) {
      for (const { deviceId, intervalSeconds, expiresAt, endedAt } of stored) {
        if (expiresAt <= clock.now()) continue;
        if (endedAt !== null) {
          unheardEnds.set(deviceId, expiresAt);
          continue;
        }
        const lease: Lease = { owner: "dispatcher", intervalSeconds, expiresAt };
        const entry = hold(deviceId);
        entry.leases.set(lease.owner, lease);
        entry.current = lease;
        watch(entry, lease);
      }
    },
    start(deviceId, lease) {
      unheardEnds.delete(deviceId);
      const entry = held.get(deviceId) ?? hold(deviceId);
      entry.leases.set(lease.owner, lease);
      settle(entry, false);
    },
    end(deviceId, owner) {
      const entry = held.get(deviceId);
      if (entry?.leases.delete(owner) === true) settle(entry, true);
    },
    reported(deviceId) {
      const entry = held.get(deviceId);
      if (entry === undefined) return;
      entry.lastReportAt = clock.now();
      entry.repeats = 0;
    },
    greet(deviceId, connectionId) {
      const now = clock.now();
      const entry = held.get(deviceId);
      const lease = entry?.current ?? null;
      if (entry !== undefined && lease !== null) {
        // One that was given in the moment of connecting is heard already.
        if (lease.expiresAt <= now || entry.told.has(connectionId)) return;
        entry.told.add(connectionId);
        entry.askedAt = now;
        entry.repeats = 0;
        return tell.connection(connectionId).StartFastLocation(argumentsOf(lease));
      }
      const wouldRunOutAt = unheardEnds.get(deviceId) ?? 0;
      unheardEnds.delete(deviceId);
      if (wouldRunOutAt > now) tell.connection(connectionId).StopFastLocation({});
    },
    read(deviceId) {
      const entry = held.get(deviceId);
      const lease = entry?.current ?? null;
      if (entry === undefined || lease === null || lease.expiresAt <= clock.now()) return null;
      return {
        intervalSeconds: lease.intervalSeconds,
        expiresAt: isoTime(lease.expiresAt),
        owner: lease.owner,
        lastReportAt: entry.lastReportAt === null ? null : isoTime(entry.lastReportAt),
        sign: signOf(entry, lease),
      };
    },
    forget(deviceId) {
      const entry = held.get(deviceId);
      if (entry !== undefined) letGo(entry);
      unheardEnds.delete(deviceId);
    },
    stop() {
      for (const entry of [...held.values()]) letGo(entry);
    },
  };
}
