import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { requireDrawing, tooManyZones } from "./drawing.ts";
import { requireZone, zoneChangedMeanwhile, zoneNotFound } from "./read-zones.ts";

/** Draws a zone anew. Visits that are open in it are judged by the new shape at their device's next fix. */
export const updateZone =
  (app: App): RestHandlers["updateZone"] =>
  async ({ principal: { accountId, userId }, ifMatch }, { params, body }) => {
    // A foreign id must not be told from an unknown one by what its shape is answered.
    requireZone(app, accountId, params.id);
    const drawing = requireDrawing(body);
    return app.zones.inTurn(async () => {
      const writer = { accountId, userId, at: app.clock.now() };
      const outcome = await app.zones.repository.redraw(writer, params.id, ifMatch, drawing);
      switch (outcome.kind) {
        case "not-found":
          throw zoneNotFound();
        case "version-mismatch":
          throw zoneChangedMeanwhile();
        case "too-many":
          throw tooManyZones(outcome);
        case "changed":
          app.zones.live.put(outcome.stored);
          app.tell.everybody(accountId).ZoneAdded({ zone: outcome.stored.zone });
          return outcome.stored.zone;
      }
    });
  };
