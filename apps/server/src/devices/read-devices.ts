import type { App } from "../app.ts";
import type { RestHandlers } from "../http/context.ts";
import { readIdCursor } from "../http/id-cursor.ts";
import { pageOf } from "../http/page-of.ts";
import { ProblemError } from "../http/problem.ts";
import { type LiveDevice, toDevice } from "./live-device.ts";

/** A device of the account; one of another account is answered as one that does not exist. */
export function requireDevice(app: App, accountId: number, deviceId: number): LiveDevice {
  const device = app.devices.get(accountId, deviceId);
  if (device === null) throw deviceNotFound();
  return device;
}

export const deviceNotFound = () => new ProblemError("not-found", "There is no such device.");

/** One device. */
export const getDevice =
  (app: App): RestHandlers["getDevice"] =>
  ({ principal }, { params }) =>
    toDevice(requireDevice(app, principal.accountId, params.id));

/** The account's devices by id; the cursor is the last id of the page before. */
export const listDevices =
  (app: App): RestHandlers["listDevices"] =>
  ({ principal }, { query }) => {
    const after = query.cursor === undefined ? 0 : readIdCursor(query.cursor);
    const rest = app.devices.list(principal.accountId).filter((device) => device.id > after);
    const { items, nextCursor } = pageOf(rest, query.limit, (last) => String(last.id));
    return { items: items.map(toDevice), nextCursor };
  };

/** The whole account at this moment. */
export const fleetLive =
  (app: App): RestHandlers["fleetLive"] =>
  ({ principal }) => ({
    rev: app.devices.revision(principal.accountId),
    devices: app.devices.list(principal.accountId).map(toDevice),
  });
