import type { App } from "../app.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import { readTrack } from "../history/read-track.ts";
import { crossingsOf, type Fix } from "./crossings.ts";
import { heal, readingMarginMs } from "./heal.ts";
import { type DeviceTrack, isKnown, step } from "./live-visits.ts";
import { addStretch, type Stretch } from "./stretches.ts";
import { tellVisit } from "./tell-visit.ts";
import type { Visit } from "./visit.ts";
import { type VisitRepository, visitRepository } from "./visit-repository.ts";

/** Visits that begin or end wait so long for their common commit. */
const writeAfterMs = 200;
/** A phone that sends late fixes sends more of them: they are looked at together. */
const healAfterMs = 2_000;
/** A jump waits for the fixes that may show it to be none; a phone that drives sends one each five seconds. */
const doubtAfterMs = 6_000;
/** After a failure; nothing is lost meanwhile. */
const retryAfterMs = 1_000;
/** Rows of one commit: some ten milliseconds of the database. */
const rowsPerCommit = 200;
/** Devices whose visits are made anew in one go; their live fixes wait meanwhile. */
const devicesPerRound = 50;
/** Live fixes that are kept for a device until its visits are made anew; older ones are in the track by then. */
const mostSince = 200;
/** A phone's clock may run ahead by two minutes. */
const aheadMs = 3 * 60_000;

export type ZoneVisits = {
  readonly repository: VisitRepository;
  /** A live fix: a step in memory; what it changes is written and told within moments. */
  live(device: LiveDevice, fix: Fix): void;
  /** Fixes with times of their own, which are on disk: what they change is made anew from the track, and told. */
  backfilled(device: LiveDevice, fixes: readonly Fix[]): void;
  /** Its visits were closed with it. */
  zoneGone(accountId: number, zoneId: number, at: number): void;
  deviceGone(accountId: number, deviceId: number, at: number): void;
  /** Brings everything to disk that is known; before the database closes. */
  stop(): Promise<void>;
};

type Wanted = { readonly device: LiveDevice; stretches: readonly Stretch[]; dueAt: number };
type Parts = Pick<App, "clock" | "logger" | "database" | "devices" | "journal" | "zones" | "tell" | "history">;

/**
 * Live fixes go through memory; what is late, doubtful or out of order goes through the stored track, which has the last word:
 *
 *   live fix ───▶ step ──changed──▶ pending ──200 ms──▶ table ──▶ told
 *                   └──doubtful──┐
 *   late fixes ─▶ isKnown ──no───┴▶ wanted ──2 to 6 s──▶ heal (track → visits, against the table) ──▶ table ──▶ told
 */
export async function createZoneVisits(parts: Parts): Promise<ZoneVisits> {
  const { clock, logger, database, devices, journal, zones, tell, history } = parts;
  const repository = visitRepository(database);
  const tracks = new Map<number, DeviceTrack>();
  /** Visits as they are to be written, by their key. */
  const pending = new Map<string, Visit>();
  const wanted = new Map<number, Wanted>();
  let running: Promise<void> | null = null;
  let armed: { readonly at: number; cancel(): void } | null = null;
  let stopped = false;

  function trackOf({ accountId, id: deviceId }: LiveDevice): DeviceTrack {
    let track = tracks.get(deviceId);
    if (track === undefined) {
      track = { accountId, deviceId, last: null, open: null, changedAt: 0, isHealing: false, since: null };
      tracks.set(deviceId, track);
    }
    return track;
  }

  function arm(ms: number): void {
    const at = clock.now() + ms;
    if (stopped || (armed !== null && armed.at <= at)) return;
    armed?.cancel();
    armed = {
      at,
      cancel: clock.after(ms, () => {
        armed = null;
        void run();
      }),
    };
  }

  function want(device: LiveDevice, stretch: Stretch, afterMs: number): void {
    const known = wanted.get(device.id);
    const dueAt = Math.min(known?.dueAt ?? Number.POSITIVE_INFINITY, clock.now() + afterMs);
    wanted.set(device.id, { device, stretches: addStretch(known?.stretches ?? [], stretch), dueAt });
    trackOf(device).since ??= [];
    arm(afterMs);
  }

  function take(device: LiveDevice, track: DeviceTrack, fix: Fix): void {
    const index = zones.live.index(device.accountId);
    if (index === null) return;
    const outcome = step(track, index, fix);
    if (outcome.kind === "doubtful") want(device, { fromMs: fix.atMs, toMs: fix.atMs }, doubtAfterMs);
    if (outcome.kind !== "changed") return;
    for (const visit of outcome.visits) pending.set(keyOf(visit), visit);
    arm(writeAfterMs);
  }

  async function writePending(): Promise<void> {
    // The ended ones first: a zone has one visit of a device at a time.
    const taken = [...pending.values()].sort((a, b) => Number(a.leftAt === null) - Number(b.leftAt === null));
    for (const [accountId, visits] of Map.groupBy(taken, (visit) => visit.accountId)) {
      for (let from = 0; from < visits.length; from += rowsPerCommit) {
        const some = visits.slice(from, from + rowsPerCommit);
        await repository.write(accountId, [], some);
        for (const visit of some) {
          // One that has changed meanwhile is written again.
          if (pending.get(keyOf(visit)) === visit) pending.delete(keyOf(visit));
          tellVisit(tell, visit);
        }
      }
    }
  }

  async function healWanted(now: number): Promise<void> {
    const due = [...wanted.values()].filter(({ dueAt }) => dueAt <= now).slice(0, devicesPerRound);
    if (due.length === 0) return;
    for (const { device } of due) {
      wanted.delete(device.id);
      trackOf(device).isHealing = true;
    }
    const left = new Set(due);
    try {
      // What was only in memory must be in the track and in the table before they are read.
      await journal.flush();
      if (journal.queued > 0) throw new Error("live positions wait for the database");
      await writePending();
      for (const one of due) {
        for (const stretch of one.stretches) await healOne(one.device, stretch);
        left.delete(one);
      }
    } finally {
      for (const { device, stretches } of left) for (const stretch of stretches) want(device, stretch, retryAfterMs);
      for (const { device } of due) goOn(device);
    }
  }

  async function healOne(device: LiveDevice, { fromMs, toMs }: Stretch): Promise<void> {
    const { accountId, id: deviceId } = device;
    const index = zones.live.index(accountId);
    if (index === null || devices.get(accountId, deviceId) !== device) return;
    const now = clock.now();
    const healed = await heal({
      index,
      device: { accountId, deviceId },
      fromMs,
      toMs,
      endMs: now + aheadMs,
      now,
      track: (from, to) => readTrack(history.tracks, { accountId, deviceId }, { fromMs: from, toMs: to }),
      visitsSince: (atMs) => repository.since(accountId, deviceId, atMs),
    });
    if (healed.gone.length + healed.put.length > 0) await repository.write(accountId, healed.gone, healed.put);
    const track = trackOf(device);
    const open = healed.end?.open ?? [
      ...(track.open?.values() ?? []).filter(
        ({ zoneId }) => !healed.put.some((visit) => visit.zoneId === zoneId && visit.leftAt === null),
      ),
      ...healed.put.filter(({ leftAt }) => leftAt === null),
    ];
    const there = open.filter(({ zoneId }) => index.get(zoneId) !== null);
    track.open = there.length === 0 ? null : new Map(there.map((visit) => [visit.zoneId, visit]));
    if (healed.end !== null) track.last = healed.end.last ?? track.last;
    track.changedAt = Math.max(track.changedAt, healed.changedAt);
    for (const visit of healed.told) tellVisit(tell, visit);
  }

  /** Live fixes that came meanwhile are taken now; those that the track had already are passed over. */
  function goOn(device: LiveDevice): void {
    const track = tracks.get(device.id);
    if (track === undefined) return;
    const since = track.since ?? [];
    track.isHealing = false;
    track.since = wanted.has(device.id) ? since : null;
    for (const fix of since) if (track.last === null || fix.atMs > track.last.atMs) take(device, track, fix);
  }

  function run(): Promise<void> {
    running ??= (async () => {
      let wait = 0;
      try {
        await writePending();
        await healWanted(clock.now());
      } catch (error) {
        logger.error({ err: error }, "zone visits could not be written; they wait");
        wait = retryAfterMs;
      }
      running = null;
      if (pending.size > 0) arm(Math.max(wait, writeAfterMs));
      for (const { dueAt } of wanted.values()) arm(Math.max(wait, dueAt - clock.now()));
    })();
    return running;
  }

  function closed(accountId: number, visit: Visit, at: number): void {
    tellVisit(tell, { ...visit, accountId, leftAt: Math.max(at, visit.enteredAt + 1) });
  }

  for (const visit of await repository.open()) {
    const device = devices.get(visit.accountId, visit.deviceId);
    if (device === null) continue;
    const track = trackOf(device);
    (track.open ??= new Map()).set(visit.zoneId, visit);
  }
  for (const device of devices.all()) {
    const { lastLat: lat, lastLon: lon, lastLocationAt: atMs } = device;
    const index = zones.live.index(device.accountId);
    if (index === null || lat === null || lon === null || atMs === null) continue;
    const track = trackOf(device);
    track.last = { atMs, lat, lon, accuracyMeters: null };
    track.changedAt = atMs;
    // The server stopped between the fix and what followed from it.
    if (crossingsOf(index, track.open, track.last).length > 0) want(device, { fromMs: atMs, toMs: atMs }, healAfterMs);
  }

  return {
    repository,
    live(device, fix) {
      if (zones.live.index(device.accountId) === null) return;
      const track = trackOf(device);
      track.since?.push(fix);
      if ((track.since?.length ?? 0) > mostSince) track.since?.shift();
      if (!track.isHealing) take(device, track, fix);
    },
    backfilled(device, fixes) {
      const index = zones.live.index(device.accountId);
      const inOrder = fixes.toSorted((a, b) => a.atMs - b.atMs);
      const [first, last] = [inOrder[0], inOrder.at(-1)];
      if (index === null || first === undefined || last === undefined) return;
      const track = trackOf(device);
      if (!isKnown(track, index, inOrder, readingMarginMs))
        want(device, { fromMs: first.atMs, toMs: last.atMs }, healAfterMs);
      else if (track.last === null || last.atMs > track.last.atMs) track.last = last;
    },
    zoneGone(accountId, zoneId, at) {
      for (const [key, visit] of pending) if (visit.zoneId === zoneId) pending.delete(key);
      for (const track of tracks.values()) {
        const visit = track.accountId === accountId ? track.open?.get(zoneId) : undefined;
        if (visit === undefined) continue;
        track.open?.delete(zoneId);
        if (track.open?.size === 0) track.open = null;
        closed(accountId, visit, at);
      }
    },
    deviceGone(accountId, deviceId, at) {
      for (const [key, visit] of pending) if (visit.deviceId === deviceId) pending.delete(key);
      for (const visit of tracks.get(deviceId)?.open?.values() ?? []) closed(accountId, visit, at);
      tracks.delete(deviceId);
      wanted.delete(deviceId);
    },
    async stop() {
      stopped = true;
      armed?.cancel();
      await running;
      try {
        await writePending();
        while (wanted.size > 0) await healWanted(Number.POSITIVE_INFINITY);
        await writePending();
      } catch (error) {
        logger.error({ err: error }, "zone visits could not be written before the stop");
      }
    },
  };
}

const keyOf = ({ deviceId, zoneId, enteredAt }: Visit): string => `${deviceId} ${zoneId} ${enteredAt}`;
