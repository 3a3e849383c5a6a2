import type { Zone } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { readIdCursor } from "../http/id-cursor.ts";
import { ProblemError } from "../http/problem.ts";

/** A zone of the account; one of another account is answered as one that does not exist. */
export function requireZone(app: App, accountId: number, zoneId: number): Zone {
  const zone = app.zones.live.get(accountId, zoneId);
  if (zone === null) throw zoneNotFound();
  return zone;
}

export const zoneNotFound = () => new ProblemError("not-found", "There is no such zone.");
export const zoneChangedMeanwhile = () =>
  new ProblemError("version-mismatch", "Somebody changed this zone meanwhile. Load it again, then change it.");

/** One zone. */
export const getZone =
  (app: App): RestHandlers["getZone"] =>
  ({ principal }, { params }) =>
    requireZone(app, principal.accountId, params.id);

/** The account's zones by id; the cursor is the last id of the page before. */
export const listZones =
  (app: App): RestHandlers["listZones"] =>
  ({ principal }, { query }) => {
    const after = query.cursor === undefined ? 0 : readIdCursor(query.cursor);
    const rest = app.zones.live.list(principal.accountId).filter((zone) => zone.id > after);
    const items = rest.slice(0, query.limit);
    return { items, nextCursor: rest.length > items.length ? String(items.at(-1)?.id) : null };
  };

/** All zones, as programs for maps read them. */
export const exportZones =
  (app: App): RestHandlers["exportZones"] =>
  ({ principal }) => ({
    type: "FeatureCollection",
    features: app.zones.live
      .list(principal.accountId)
      .map(({ id, geometry, name, color, kind, radiusMeters, speedLimitKmh }) => ({
        type: "Feature",
        id,
        geometry,
        properties: { name, color, kind, radiusMeters, speedLimitKmh },
      })),
  });
