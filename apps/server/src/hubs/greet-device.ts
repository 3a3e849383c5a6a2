import type { App } from "../app.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import { syncZones } from "../zones/sync-zones.ts";

/** Whom a greeting is for: a device and the connection that it has just opened. */
export type Arrival = { readonly app: App; readonly device: LiveDevice; readonly connectionId: string };

type Greeting = (arrival: Arrival) => Promise<void> | void;

/**
 * What a device hears when it connects, one after the other: ZoneSync; unreceived messages, oldest first; a running
 * fast-location lease; an open history request; its open rescue session and the peer's last position.
 */
const greetings: readonly Greeting[] = [
  syncZones,
  ({ app, device, connectionId }) =>
    app.messages.connected({ accountId: device.accountId, deviceId: device.id }, connectionId),
  ({ app, device, connectionId }) => app.fastLocation.greet(device.id, connectionId),
  ({ app, device, connectionId }) => app.history.syncs.greet(device, connectionId),
  ({ app, device, connectionId }) => app.rescues.greet(device.id, connectionId),
];

export async function greetDevice(arrival: Arrival): Promise<void> {
  for (const greet of greetings) await greet(arrival);
}
