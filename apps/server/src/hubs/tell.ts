import { type FleetHub, fleetHub, type PairingHub, pairingHub } from "@dsp-fleet/contract";
import type { MappedHub } from "@dsp-fleet/signalr";
import type { Clock } from "../clock.ts";
import { type LiveDevice, toDeviceUpdated } from "../devices/live-device.ts";
import type { Principal, PublicOrigin } from "../http/context.ts";
import type { Logger } from "../logger.ts";
import { type EventSenders, eventSenders } from "./event-senders.ts";
import { accountGroup, deviceGroup } from "./groups.ts";

/** DeviceUpdated of one account leaves in one write per dashboard for all that happens within this time. */
export const gatherUpdatesMs = 20;

/** Everything that the server says to its clients. */
export type Tell = {
  account(accountId: number): EventSenders<FleetHub>;
  pairing(connectionId: string): EventSenders<PairingHub>;
  /** Where the phone behind this connection reached us; null when it has gone. */
  pairingOrigin(connectionId: string): string | null;
  /** The device as it is now, to its account, with what else happens in `gatherUpdatesMs`; order is kept. */
  deviceUpdated(device: LiveDevice): void;
  /** Closes every connection of the device and asks it not to come back. */
  disconnectDevice(deviceId: number): void;
};

export function createTell(parts: {
  fleet: MappedHub<Principal>;
  pairing: MappedHub<null>;
  originOf(request: { host: string; encrypted: boolean; header(name: string): string | null }): PublicOrigin;
  clock: Clock;
  logger: Logger;
}): Tell {
  const { fleet, pairing, originOf, clock, logger } = parts;
  const failed = (event: string, error: unknown) => logger.error({ err: error, event }, "an event could not be sent");
  const toFleet = eventSenders(fleetHub, failed);
  const toPairing = eventSenders(pairingHub, failed);
  const gathered = new Map<number, ReturnType<typeof toDeviceUpdated>[]>();

  function account(accountId: number): EventSenders<FleetHub> {
    const senders = toFleet(fleet.clients.group(accountGroup(accountId)));
    const updates = gathered.get(accountId);
    if (updates === undefined) return senders;
    // What happened first is told first.
    gathered.delete(accountId);
    for (const device of updates) senders.DeviceUpdated(device);
    return senders;
  }

  function sendGathered(): void {
    scheduled = false;
    for (const accountId of [...gathered.keys()]) account(accountId);
  }

  let scheduled = false;

  return {
    account,
    pairing: (connectionId) => toPairing(pairing.clients.connection(connectionId)),
    pairingOrigin(connectionId) {
      const connection = pairing.connections.get(connectionId);
      return connection === null ? null : originOf(connection.request).http;
    },
    deviceUpdated(device) {
      if (!scheduled) {
        scheduled = true;
        clock.after(gatherUpdatesMs, sendGathered);
      }
      const updates = gathered.get(device.accountId);
      if (updates === undefined) gathered.set(device.accountId, [toDeviceUpdated(device)]);
      else updates.push(toDeviceUpdated(device));
    },
    disconnectDevice: (deviceId) =>
      void fleet.connections.disconnectGroup(deviceGroup(deviceId), { allowReconnect: false }),
  };
}
