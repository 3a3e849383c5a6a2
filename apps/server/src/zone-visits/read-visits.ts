import type { OperationInput, Operations, ZoneVisit } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import { isoTime } from "../clock.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import { badCursor } from "../http/id-cursor.ts";
import { requireZone } from "../zones/read-zones.ts";
import type { VisitPlace, VisitSearch } from "./visit-repository.ts";

/** Who was in a zone and when. */
export const listZoneVisits =
  (app: App): RestHandlers["listZoneVisits"] =>
  ({ principal }, { params, query }) => {
    const { id: zoneId } = requireZone(app, principal.accountId, params.id);
    return page(app, principal.accountId, { zoneId }, query);
  };

/** Where a device was and when. */
export const listDeviceZoneVisits =
  (app: App): RestHandlers["listDeviceZoneVisits"] =>
  ({ principal }, { params, query }) => {
    const { id: deviceId } = requireDevice(app, principal.accountId, params.id);
    return page(app, principal.accountId, { deviceId }, query);
  };

type Query = OperationInput<Operations["listZoneVisits"]>["query"];

async function page(app: App, accountId: number, of: VisitSearch["of"], query: Query) {
  const visits = await app.zoneVisits.repository.search(accountId, {
    of,
    from: timeOrNull(query.from),
    to: timeOrNull(query.to),
    minDwellMs: query.minDwellSeconds === undefined ? null : query.minDwellSeconds * 1_000,
    now: app.clock.now(),
    after: query.cursor === undefined ? null : readPlace(query.cursor),
    limit: query.limit + 1,
  });
  const shown = visits.slice(0, query.limit);
  const last = shown.at(-1);
  const otherId = last === undefined ? 0 : "deviceId" in of ? last.zoneId : last.deviceId;
  return {
    items: shown.map(
      ({ deviceId, zoneId, zoneName, enteredAt, leftAt, addedLate }): ZoneVisit => ({
        deviceId,
        zoneId,
        zoneName,
        enteredAt: isoTime(enteredAt),
        leftAt: leftAt === null ? null : isoTime(leftAt),
        dwellSeconds: leftAt === null ? null : (leftAt - enteredAt) / 1_000,
        addedLate,
      }),
    ),
    nextCursor: last !== undefined && visits.length > shown.length ? `${last.enteredAt}-${otherId}` : null,
  };
}

const timeOrNull = (time: string | undefined): number | null => (time === undefined ? null : Date.parse(time));

function readPlace(cursor: string): VisitPlace {
  const [, enteredAt, otherId] = /^(\d{1,16})-(\d{1,10})$/.exec(cursor) ?? [];
  if (enteredAt === undefined || otherId === undefined) throw badCursor();
  return { enteredAt: Number(enteredAt), otherId: Number(otherId) };
}
