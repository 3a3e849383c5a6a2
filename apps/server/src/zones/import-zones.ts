import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { ProblemError } from "../http/problem.ts";
import { byPath, sentences, tooManyZones } from "./drawing.ts";
import { readFeatures } from "./read-features.ts";

/** Adds a zone for each feature or none; then devices hear the whole list once, and dashboards each new zone. */
export const importZones =
  (app: App): RestHandlers["importZones"] =>
  async ({ principal: { accountId, userId } }, { body }) => {
    const read = readFeatures(body);
    if (!read.ok) throw new ProblemError("import-refused", sentences(read.faults), { errors: byPath(read.faults) });
    return app.zones.inTurn(async () => {
      const outcome = await app.zones.repository.add({ accountId, userId, at: app.clock.now() }, read.drawings);
      if (outcome.kind === "too-many") throw tooManyZones(outcome);
      for (const stored of outcome.stored) app.zones.live.put(stored);
      const items = outcome.stored.map(({ zone }) => zone);
      app.tell.devices(accountId).ZoneSync({ zones: [...app.zones.live.list(accountId)] });
      const dashboards = app.tell.dashboards(accountId);
      for (const zone of items) dashboards.ZoneAdded({ zone });
      return { items };
    });
  };
