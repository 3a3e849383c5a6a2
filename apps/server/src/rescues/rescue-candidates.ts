import type { App } from "../app.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { badCursor } from "../http/id-cursor.ts";
import { compareCandidates, type Place, rankCandidates } from "./candidates.ts";

/** Who could come to the rescue, from memory. Vans move between two pages: each goes on behind the place where the last one ended. */
export const rescueCandidates =
  (app: App): RestHandlers["rescueCandidates"] =>
  ({ principal }, { query }) => {
    const rescuee = requireDevice(app, principal.accountId, query.rescueeDeviceId);
    const devices = app.devices.list(principal.accountId);
    const ranked = rankCandidates(devices, rescuee, app.rescues.isInRescue, app.clock.now());
    const after = query.cursor === undefined ? null : readPlace(query.cursor);
    const rest = after === null ? ranked : ranked.filter((candidate) => compareCandidates(candidate, after) > 0);
    const items = rest.slice(0, query.limit);
    const last = items.at(-1);
    return { items, nextCursor: last !== undefined && rest.length > items.length ? toCursor(last) : null };
  };

const toCursor = ({ eligible, distanceMeters, deviceId }: Place): string =>
  `${eligible ? "e" : "o"}.${distanceMeters ?? ""}.${deviceId}`;

function readPlace(cursor: string): Place {
  const [, group, distance, deviceId] = /^([eo])\.(\d{0,8})\.(\d{1,10})$/.exec(cursor) ?? [];
  if (group === undefined || distance === undefined || deviceId === undefined) throw badCursor();
  return {
    eligible: group === "e",
    distanceMeters: distance === "" ? null : Number(distance),
    deviceId: Number(deviceId),
  };
}
