import type { App } from "../app.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import { requireDevice } from "../devices/read-devices.ts";
import type { RestHandlers } from "../http/context.ts";
import type { FleetHandlers } from "../hubs/fleet-hub.ts";
import type { Acknowledgement } from "./message-state.ts";
import { messageNotFound } from "./read-messages.ts";

/** What a phone says of a message, by the hub or by its HTTP twin. Saying it again changes nothing and tells nobody. */
async function acknowledge(
  app: App,
  device: LiveDevice,
  messageId: string,
  acknowledgement: Acknowledgement,
): Promise<null> {
  const receiver = { accountId: device.accountId, deviceId: device.id };
  const known = await app.messages.acknowledge(receiver, messageId, acknowledgement);
  if (!known) throw messageNotFound();
  return null;
}

/** The phone has the message. */
export const messageReceived: FleetHandlers["MessageReceived"] = ({ app, device }, { messageId }) =>
  acknowledge(app, device, messageId, { kind: "received" });

/** The driver has seen it. */
export const messageSeen: FleetHandlers["MessageSeen"] = ({ app, device }, { messageId }) =>
  acknowledge(app, device, messageId, { kind: "seen" });

/** The driver has answered. */
export const messageResponse: FleetHandlers["MessageResponse"] = ({ app, device }, { messageId, responseText }) =>
  acknowledge(app, device, messageId, { kind: "responded", responseText });

/** The HTTP twins, for a phone whose socket is blocked. */
export const messageReceivedOverHttp =
  (app: App): RestHandlers["messageReceived"] =>
  ({ principal: { accountId, deviceId } }, { params }) =>
    acknowledge(app, requireDevice(app, accountId, deviceId), params.id, { kind: "received" });

export const messageSeenOverHttp =
  (app: App): RestHandlers["messageSeen"] =>
  ({ principal: { accountId, deviceId } }, { params }) =>
    acknowledge(app, requireDevice(app, accountId, deviceId), params.id, { kind: "seen" });

export const messageResponseOverHttp =
  (app: App): RestHandlers["messageResponse"] =>
  ({ principal: { accountId, deviceId } }, { params, body }) =>
    acknowledge(app, requireDevice(app, accountId, deviceId), params.id, {
      kind: "responded",
      responseText: body.responseText,
    });
