import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { requireDrawing, tooManyZones } from "./drawing.ts";

/** Draws a zone, then shows it to everybody of the account. */
export const createZone =
  (app: App): RestHandlers["createZone"] =>
  async ({ principal: { accountId, userId } }, { body }) => {
    const drawing = requireDrawing(body);
    return app.zones.inTurn(async () => {
      const outcome = await app.zones.repository.add({ accountId, userId, at: app.clock.now() }, [drawing]);
      if (outcome.kind === "too-many") throw tooManyZones(outcome);
      const [stored] = outcome.stored;
      if (stored === undefined) throw new Error("a zone was added and is not there");
      app.zones.live.put(stored);
      app.tell.everybody(accountId).ZoneAdded({ zone: stored.zone });
      return stored.zone;
    });
  };
