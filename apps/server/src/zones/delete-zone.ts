import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { zoneChangedMeanwhile, zoneNotFound } from "./read-zones.ts";

/** Deletes a zone, then tells everybody of the account. */
export const deleteZone =
  (app: App): RestHandlers["deleteZone"] =>
  async ({ principal: { accountId, userId }, ifMatch }, { params }) =>
    app.zones.inTurn(async () => {
      const writer = { accountId, userId, at: app.clock.now() };
      const outcome = await app.zones.repository.remove(writer, params.id, ifMatch);
      switch (outcome.kind) {
        case "not-found":
          throw zoneNotFound();
        case "version-mismatch":
          throw zoneChangedMeanwhile();
        case "removed":
          app.zones.live.remove(accountId, params.id);
          app.tell.everybody(accountId).ZoneDeleted({ zoneId: params.id });
          app.zoneVisits.zoneGone(accountId, params.id, writer.at);
          return null;
      }
    });
