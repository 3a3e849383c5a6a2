import type { Database } from "../database/database.ts";
import { ProblemError } from "../http/problem.ts";
import { type TakeTurn, turns } from "../limits/turns.ts";
import { createLiveZones, type LiveZones } from "./live-zones.ts";
import { type ZoneRepository, zoneRepository } from "./zone-repository.ts";

/** Writers that may wait; each takes some milliseconds. */
const mostWaiting = 200;

export type Zones = {
  readonly live: LiveZones;
  readonly repository: ZoneRepository;
  /** One change after the other, so that memory follows the commits in their order, and so do the events. */
  readonly inTurn: TakeTurn;
};

export async function createZones(database: Database): Promise<Zones> {
  const repository = zoneRepository(database);
  const busy = () =>
    new ProblemError(
      "unavailable",
      "Too many zones are being changed; nothing of this was kept. Try again in a moment.",
    );
  return { repository, live: createLiveZones(await repository.all()), inTurn: turns(1, mostWaiting, busy) };
}
