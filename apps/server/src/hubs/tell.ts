import { type FleetHub, fleetHub, type PairingHub, pairingHub, type Role } from "@dsp-fleet/contract";
import type { MappedHub } from "@dsp-fleet/signalr";
import type { Clock } from "../clock.ts";
import { type LiveDevice, toDeviceUpdated } from "../devices/live-device.ts";
import type { Principal, PublicOrigin, UserPrincipal } from "../http/context.ts";
import type { Logger } from "../logger.ts";
import { createDeviceUpdates } from "./device-updates.ts";
import { type EventSenders, eventSenders } from "./event-senders.ts";
import { principalKey } from "./fleet-authentication.ts";
import { accountGroup, dashboardsGroup, deviceGroup, devicesGroup } from "./groups.ts";

/** Everything that the server says to its clients. */
export type Tell = {
  /** What happened before is told before: updates that wait for this account leave first. */
  account(accountId: number): EventSenders<FleetHub>;
  /** The account without these connections; what happened before is told before. */
  accountExcept(accountId: number, connectionIds: readonly string[]): EventSenders<FleetHub>;
  /** The account and these devices, each connection once; what happened before is told before. */
  accountAndDevices(accountId: number, deviceIds: readonly number[]): EventSenders<FleetHub>;
  /** The open connections of the device; none while it is away. */
  connectionsOf(deviceId: number): string[];
  /** The account and its devices, also those that do not see their peers; each connection once. */
  everybody(accountId: number): EventSenders<FleetHub>;
  /** Every device of the account, and no dashboard. */
  devices(accountId: number): EventSenders<FleetHub>;
  /** Every dashboard of the account, and no device. */
  dashboards(accountId: number): EventSenders<FleetHub>;
  /** Every connection of the device. */
  device(deviceId: number): EventSenders<FleetHub>;
  /** One connection to FleetHub. */
  connection(connectionId: string): EventSenders<FleetHub>;
  pairing(connectionId: string): EventSenders<PairingHub>;
  /** Where the phone behind this connection reached us; null when it has gone. */
  pairingOrigin(connectionId: string): string | null;
  /** The device as it is now, to its account, gathered with the others' as device-updates.ts says. */
  deviceUpdated(device: LiveDevice): void;
  /** Closes every connection of the device and asks it not to come back. */
  disconnectDevice(deviceId: number): void;
  /** The same for everybody who is connected as this user, */
  disconnectUser(accountId: number, userId: number): void;
  /** or under one of these sessions. */
  disconnectSessions(accountId: number, sessionIds: readonly string[]): void;
  /** Everybody of the account, its devices too. */
  disconnectAccount(accountId: number, deviceIds: readonly number[]): void;
  /** The user's connections go on with another role. */
  roleIs(accountId: number, userId: number, role: Role): void;
  /** Puts the device's connections among those that hear what goes to the account, or takes them out. */
  letHearPeers(accountId: number, deviceId: number, hears: boolean): Promise<void>;
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
  const toAccount = (accountId: number) => toFleet(fleet.clients.group(accountGroup(accountId)));
  /** A connection may have come to another user or session by RequestTokenRefresh, so each is asked who it is now. */
  const usersOf = (accountId: number, fits: (principal: UserPrincipal) => boolean) =>
    fleet.connections.ids(accountGroup(accountId)).flatMap((connectionId) => {
      const caller = fleet.connections.get(connectionId);
      const principal = caller?.principal;
      return caller != null && principal?.kind === "user" && fits(principal) ? [{ caller, principal }] : [];
    });
  const updates = createDeviceUpdates<ReturnType<typeof toDeviceUpdated>>(clock, (accountId, gathered) => {
    const senders = toAccount(accountId);
    for (const update of gathered) senders.DeviceUpdated(update);
  });

  return {
    account(accountId) {
      updates.flush(accountId);
      return toAccount(accountId);
    },
    accountExcept(accountId, connectionIds) {
      updates.flush(accountId);
      return toFleet(fleet.clients.group(accountGroup(accountId)).except(connectionIds));
    },
    accountAndDevices(accountId, deviceIds) {
      updates.flush(accountId);
      return toFleet(fleet.clients.groups([accountGroup(accountId), ...deviceIds.map(deviceGroup)]));
    },
    connectionsOf: (deviceId) => fleet.connections.ids(deviceGroup(deviceId)),
    everybody(accountId) {
      updates.flush(accountId);
      return toFleet(fleet.clients.groups([accountGroup(accountId), devicesGroup(accountId)]));
    },
    devices: (accountId) => toFleet(fleet.clients.group(devicesGroup(accountId))),
    dashboards: (accountId) => toFleet(fleet.clients.group(dashboardsGroup(accountId))),
    device: (deviceId) => toFleet(fleet.clients.group(deviceGroup(deviceId))),
    connection: (connectionId) => toFleet(fleet.clients.connection(connectionId)),
    pairing: (connectionId) => toPairing(pairing.clients.connection(connectionId)),
    pairingOrigin(connectionId) {
      const connection = pairing.connections.get(connectionId);
      return connection === null ? null : originOf(connection.request).http;
    },
    deviceUpdated: (device) => updates.add(device.accountId, toDeviceUpdated(device)),
    disconnectDevice: (deviceId) =>
      void fleet.connections.disconnectGroup(deviceGroup(deviceId), { allowReconnect: false }),
    disconnectUser(accountId, userId) {
      for (const { caller } of usersOf(accountId, (principal) => principal.userId === userId)) caller.abort();
    },
    disconnectSessions(accountId, sessionIds) {
      const over = new Set(sessionIds);
      for (const { caller } of usersOf(accountId, (principal) => over.has(principal.sessionId))) caller.abort();
    },
    disconnectAccount(accountId, deviceIds) {
      for (const group of [accountGroup(accountId), ...deviceIds.map(deviceGroup)]) {
        void fleet.connections.disconnectGroup(group, { allowReconnect: false });
      }
    },
    roleIs(accountId, userId, role) {
      for (const { caller, principal } of usersOf(accountId, (each) => each.userId === userId)) {
        const changed = { ...principal, role };
        caller.reauthenticate(changed, principalKey(changed), caller.authenticationExpiresAt);
      }
    },
    async letHearPeers(accountId, deviceId, hears) {
      for (const connectionId of fleet.connections.ids(deviceGroup(deviceId))) {
        if (hears) await fleet.groups.add(connectionId, accountGroup(accountId));
        else await fleet.groups.remove(connectionId, accountGroup(accountId));
      }
    },
  };
}
