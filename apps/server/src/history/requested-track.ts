import type { App } from "../app.ts";
import { deviceNotFound } from "../devices/read-devices.ts";
import type { UserPrincipal } from "../http/context.ts";
import { takeFrom } from "../limits/take-from.ts";
import type { DeviceKey } from "./history-sync-repository.ts";
import { type RangeQuery, rangeOf } from "./range.ts";
import type { Range } from "./read-track.ts";
import type { TrackOwner } from "./track-repository.ts";

/** Whose track a query is about, and of when. What the map shows is in it: live fixes that wait are written first. */
export async function requestedTrack(
  app: App,
  { accountId, userId }: UserPrincipal,
  deviceId: number,
  query: RangeQuery,
): Promise<{ device: DeviceKey; owner: TrackOwner; range: Range }> {
  takeFrom(app.history.reads, userId);
  const device = { accountId, deviceId };
  const owner = await app.history.tracks.owner(device);
  if (owner === null) throw deviceNotFound();
  const now = app.clock.now();
  const { timezone } = await app.accounts.account(accountId);
  const range = rangeOf(query, timezone, now);
  if (range.toMs > now - recentMs) await app.journal.writeFixes();
  return { device, owner, range };
}

/** Longer than the journal keeps anything back. */
const recentMs = 10_000;
