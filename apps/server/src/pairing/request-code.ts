import type { PairingHandlers } from "../hubs/pairing-hub.ts";
import { drawCode, refuseWhileWaiting } from "./draw-code.ts";

/** A fresh code for a pending device that lives with this connection; the code before is dead. */
export const requestPairingCode: PairingHandlers["RequestPairingCode"] = async ({
  app,
  connectionId,
  remoteAddress,
  signal,
}) => {
  refuseWhileWaiting(app.liveCodes.take(remoteAddress, connectionId));
  const before = app.ownPending.get(connectionId);
  const { code, kept: pendingId } = await drawCode(app, (codeMac) => app.pending.create(codeMac, app.clock.now()));
  if (before !== undefined) await app.pending.withdraw(before);
  if (signal.aborted) {
    await app.pending.withdraw(pendingId);
    return code;
  }
  app.liveCodes.drawn(remoteAddress, connectionId, pendingId);
  app.ownPending.set(connectionId, pendingId);
  app.pairingConnections.link(connectionId, pendingId);
  return code;
};
