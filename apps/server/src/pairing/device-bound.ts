import type { DeviceBound } from "@dsp-fleet/contract";
import type { App } from "../app.ts";
import type { LiveDevice } from "../devices/live-device.ts";

/** What the phone is told of itself and its account. `endpointOrigin` is where the phone reached us. */
export async function deviceSettings(
  app: App,
  device: LiveDevice,
  endpointOrigin: string,
): Promise<Omit<DeviceBound, "accessToken">> {
  const account = await app.accounts.account(device.accountId);
  return {
    deviceId: device.id,
    accountId: device.accountId,
    signalREndpoint: `${endpointOrigin}/hubs/fleet`,
    name: device.name,
    identifier: device.identifier,
    speedUnit: account.speedUnit,
    country: account.country,
    accountTimezone: account.timezone,
    periodicAirplaneModeOff: account.periodicAirplaneModeOff,
  };
}

/** Hands a waiting phone its token. It may come twice; the phone that has used its token waits no more. */
export async function sendDeviceBound(app: App, connectionId: string, device: LiveDevice): Promise<void> {
  const endpointOrigin = app.tell.pairingOrigin(connectionId);
  if (endpointOrigin === null) return;
  const [settings, access] = await Promise.all([
    deviceSettings(app, device, endpointOrigin),
    app.tokens.issueDevice({ kind: "device", deviceId: device.id, accountId: device.accountId }),
  ]);
  app.tell.pairing(connectionId).DeviceBound({ bound: { ...settings, accessToken: access.token } });
}
