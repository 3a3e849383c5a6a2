import { normalizeDeviceGuid } from "@dsp-fleet/contract";
import type { PairingHandlers } from "../hubs/pairing-hub.ts";
import { sendDeviceBound } from "./device-bound.ts";

/** Links the connection to the phone's pending row; a phone that was bound while it was away gets DeviceBound now. */
export const registerConnectionForPairing: PairingHandlers["RegisterConnectionForPairing"] = async (
  { app, connectionId, signal },
  { deviceGuid },
) => {
  const guid = typeof deviceGuid === "string" ? normalizeDeviceGuid(deviceGuid) : null;
  if (guid === null) return false;
  const look = async () => {
    const { pendingId, bound } = await app.pending.findByGuid(app.digests.ofGuid(guid), app.clock.now());
    const device = bound === null ? null : app.devices.get(bound.accountId, bound.deviceId);
    // On disk but not in memory: it is being bound this moment, and whoever binds it tells its connections next.
    if (bound !== null && device === null) return { pendingId: bound.pendingId, device };
    // A token that was used is over, also while that is still on its way to disk.
    return { pendingId, device: device !== null && app.collection.awaits(device.id) ? device : null };
  };
  const first = await look();
  const { pendingId } = first;
  let { device } = first;
  if (device === null && pendingId !== null && !signal.aborted) {
    app.pairingConnections.link(connectionId, pendingId);
    // Whoever bound it between the look and the link knew of no connection to tell.
    ({ device } = await look());
  }
  if (device !== null) await sendDeviceBound(app, connectionId, device);
  return device !== null || pendingId !== null;
};
