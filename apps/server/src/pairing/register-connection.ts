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
  const { pendingId, bound } = await app.pending.findByGuid(app.digests.ofGuid(guid), app.clock.now());
  const device = bound === null ? null : app.devices.get(bound.accountId, bound.deviceId);
  if (device !== null) {
    await sendDeviceBound(app, connectionId, device);
    return true;
  }
  if (pendingId === null) return false;
  if (!signal.aborted) app.pairingConnections.link(connectionId, pendingId);
  return true;
};
