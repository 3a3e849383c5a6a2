import type { ZoneIndex } from "../zones/zone-index.ts";
import type { Fix } from "./crossings.ts";
import { type Reconciled, reconcile } from "./reconcile.ts";
import { createReplay } from "./replay.ts";
import { covers, type Visit } from "./visit.ts";

/** A fix can change how those so near to it are read: which of two tiers counts, and what is an outlier. */
export const readingMarginMs = 2 * 60_000;
/** The first piece of a track that is read past what came; each further one is four times as long. */
const firstPieceMs = 10 * 60_000;

export type Healing = {
  readonly index: ZoneIndex;
  readonly device: { readonly accountId: number; readonly deviceId: number };
  /** Times of the fixes that came late. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Until here there may be fixes. */
  readonly endMs: number;
  readonly now: number;
  /** Fixes with `fromMs` ≤ time < `toMs`, in the order of time. */
  track(fromMs: number, toMs: number): AsyncIterable<readonly (Fix & { readonly outlier: boolean })[]>;
  /** Rows that were not over at this moment, begun before or after it. */
  visitsSince(atMs: number): Promise<readonly Visit[]>;
};

export type Healed = Reconciled & {
  /** Where the track ended, when the stretch goes on to there; null when it met the rows before. */
  readonly end: { readonly open: readonly Visit[]; readonly last: Fix | null } | null;
  /** The last moment that changed a visit, or at which a fix was passed over that may count once more is known. */
  readonly changedAt: number;
};

/**
 * Makes the visits of a stretch anew: from what was true just before it, through the track, to where the device is in the zones
 * again that the rows say. What lies before a zone's present shape was drawn stays as it is.
 */
export async function heal(healing: Healing): Promise<Healed> {
  const { index, device, now } = healing;
  const startMs = healing.fromMs - readingMarginMs;
  const settledMs = healing.toMs + readingMarginMs;
  const since = (zoneId: number): number => Math.max(startMs, index.get(zoneId)?.drawnAt ?? 0);
  const rows = (await healing.visitsSince(startMs)).filter(
    ({ zoneId, leftAt }) => index.get(zoneId) !== null && (leftAt === null || leftAt > since(zoneId)),
  );
  const replay = createReplay(
    index,
    device,
    rows.filter((row) => covers(row, since(row.zoneId))),
  );

  const agrees = (atMs: number): boolean => {
    const there = rows.filter((row) => covers(row, atMs));
    return there.length === replay.open.size && there.every(({ zoneId }) => replay.open.has(zoneId));
  };
  const taken: { last: Fix | null; passedOver: number } = { last: null, passedOver: 0 };
  const take = (fix: Fix & { readonly outlier: boolean }): void => {
    taken.last = fix;
    if (fix.outlier) taken.passedOver = fix.atMs;
    else replay.add(fix);
  };
  let metMs: number | null = null;
  let fromMs = startMs + 1;
  for (let span = settledMs + firstPieceMs - fromMs; metMs === null && fromMs < healing.endMs; span *= 4) {
    const toMs = Math.min(healing.endMs, fromMs + span);
    metMs = await meet(healing.track(fromMs, toMs), take, (atMs) => atMs > settledMs && agrees(atMs));
    fromMs = toMs;
  }
  const end = metMs ?? Number.POSITIVE_INFINITY;
  const before = rows.filter((row) => row.enteredAt <= end);
  // From where both agree the rows know how it went on.
  const still = [...replay.open.values()].map((visit): Visit => {
    const row =
      metMs === null
        ? undefined
        : before.find(({ zoneId, leftAt }) => zoneId === visit.zoneId && (leftAt ?? end + 1) > end);
    return { ...visit, leftAt: row?.leftAt ?? null };
  });
  const reconciled = reconcile(before, [...replay.closed, ...still], now);
  const asKept = (visit: Visit): Visit =>
    [...reconciled.put, ...before].find((row) => row.zoneId === visit.zoneId && row.enteredAt === visit.enteredAt) ??
    visit;
  return {
    ...reconciled,
    end: metMs === null ? { open: still.map(asKept), last: taken.last } : null,
    changedAt: Math.max(taken.passedOver, ...reconciled.put.map(({ enteredAt, leftAt }) => leftAt ?? enteredAt)),
  };
}

/** The time of the first fix after which it is met; null when the fixes end before. */
async function meet<F extends Fix>(
  track: AsyncIterable<readonly F[]>,
  add: (fix: F) => void,
  isMet: (atMs: number) => boolean,
): Promise<number | null> {
  for await (const page of track)
    for (const fix of page) {
      add(fix);
      if (isMet(fix.atMs)) return fix.atMs;
    }
  return null;
}
