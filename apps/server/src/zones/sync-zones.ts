import type { Arrival } from "../hubs/greet-device.ts";

/** The whole list for a device that connects: an empty one tells it to forget what it knew. */
export async function syncZones({ app, device, connectionId }: Arrival): Promise<void> {
  app.tell.connection(connectionId).ZoneSync({ zones: [...app.zones.live.list(device.accountId)] });
}
