import type { App } from "../app.ts";
import { historySyncRate, readHistoryRate, requestHistoryRate } from "../limits/rates.ts";
import { createTokenBuckets, type TokenBuckets } from "../limits/token-buckets.ts";
import { historySyncRepository } from "./history-sync-repository.ts";
import { createHistorySyncs, type HistorySyncs } from "./history-syncs.ts";
import { type TrackRepository, trackRepository } from "./track-repository.ts";

export type History = {
  readonly syncs: HistorySyncs;
  readonly tracks: TrackRepository;
  /** By device. */
  readonly batches: TokenBuckets;
  /** By user. */
  readonly requests: TokenBuckets;
  /** Of tracks, trips, stops and moments, by user. */
  readonly reads: TokenBuckets;
};

/** Takes up what was open when the server stopped. */
export async function createHistory({
  database,
  clock,
  devices,
  tell,
  logger,
}: Omit<App, "history">): Promise<History> {
  const repository = historySyncRepository(database);
  const open = await repository.open();
  return {
    syncs: createHistorySyncs({ repository, open, devices, tell, clock, logger }),
    tracks: trackRepository(database),
    batches: createTokenBuckets(clock, historySyncRate),
    requests: createTokenBuckets(clock, requestHistoryRate),
    reads: createTokenBuckets(clock, readHistoryRate),
  };
}
