import { eventsWithDates, type FleetHub, fleetHub, type HubHandlers } from "@dsp-fleet/contract";
import { ConnectionError, type HubCaller, type HubDefinition, HubUnauthorizedException } from "@dsp-fleet/signalr";
import { requestTokenRefresh } from "../accounts/request-token-refresh.ts";
import type { App } from "../app.ts";
import type { LiveDevice } from "../devices/live-device.ts";
import { reportDeviceInfo } from "../devices/report-device-info.ts";
import type { Principal } from "../http/context.ts";
import { fleetRates } from "../limits/rates.ts";
import { createTokenBuckets } from "../limits/token-buckets.ts";
import { reportLocation } from "../locations/report-location.ts";
import { reportSamples } from "../locations/report-samples.ts";
import { messageReceived, messageResponse, messageSeen } from "../messages/acknowledge-message.ts";
import { bindMethods } from "./bind-methods.ts";
import { authenticateFleet } from "./fleet-authentication.ts";
import { greetDevice } from "./greet-device.ts";
import { accountGroup, dashboardsGroup, deviceGroup, devicesGroup } from "./groups.ts";

export type FleetCall = {
  readonly app: App;
  readonly caller: HubCaller<Principal>;
  /** The device that calls; methods of a dashboard must not ask for it. */
  readonly device: LiveDevice;
};

export type FleetHandlers = HubHandlers<FleetHub, FleetCall>;

const fleetHandlers: FleetHandlers = {
  RequestTokenRefresh: requestTokenRefresh,
  ReportLocation: reportLocation,
  ReportDeviceInfo: reportDeviceInfo,
  MessageReceived: messageReceived,
  MessageSeen: messageSeen,
  MessageResponse: messageResponse,
  ReportSamples: reportSamples,
};

export function fleetHubDefinition(app: App): HubDefinition<Principal> {
  const buckets = (method: keyof typeof fleetRates) => createTokenBuckets(app.clock, fleetRates[method]);

  const deviceOf = (principal: Principal): LiveDevice | null =>
    principal.kind === "device" ? app.devices.get(principal.accountId, principal.deviceId) : null;

  const isExpired = (caller: HubCaller<Principal>) =>
    caller.authenticationExpiresAt !== null && caller.authenticationExpiresAt <= app.clock.now();

  return {
    authenticate: (request) => authenticateFleet(app, request),
    eventsWithDates: eventsWithDates(fleetHub),

    methods: bindMethods<FleetHub, Principal, FleetCall>({
      hub: fleetHub,
      handlers: fleetHandlers,
      buckets: {
        RequestTokenRefresh: buckets("RequestTokenRefresh"),
        ReportLocation: buckets("ReportLocation"),
        ReportDeviceInfo: buckets("ReportDeviceInfo"),
        MessageReceived: buckets("MessageReceived"),
        MessageSeen: buckets("MessageSeen"),
        MessageResponse: buckets("MessageResponse"),
        ReportSamples: buckets("ReportSamples"),
      },
      // Ids of devices and users overlap.
      bucketKey: ({ principal }) => (principal.kind === "device" ? principal.deviceId : -principal.userId),
      mayCall(access, caller) {
        switch (access) {
          case "expired":
            return true;
          case "connection":
            return !isExpired(caller);
          case "device":
            return !isExpired(caller) && caller.principal.kind === "device";
        }
      },
      contextOf: (caller) => ({
        app,
        caller,
        get device() {
          const device = deviceOf(caller.principal);
          if (device === null) throw new HubUnauthorizedException("the device is not bound");
          return device;
        },
      }),
    }),

    async onConnected(caller) {
      const { principal, groups, connectionId } = caller;
      // A client that is open counts on hearing everything from then on: it joins before anything is waited for.
      const join = (...names: string[]) => Promise.all(names.map((name) => groups.add(connectionId, name)));
      const account = accountGroup(principal.accountId);
      if (principal.kind === "user") {
        await join(account, dashboardsGroup(principal.accountId));
        // Disabled or signed out between its token's check and this moment.
        if (app.members.roleOf(principal) === null) throw new HubUnauthorizedException("the session is over");
        return;
      }
      await join(deviceGroup(principal.deviceId), devicesGroup(principal.accountId));
      const seesPeers = async () => (await app.accounts.account(principal.accountId)).devicesSeePeers;
      if (await seesPeers()) {
        await groups.add(connectionId, account);
        // The owner may have changed it meanwhile.
        if (!(await seesPeers())) await groups.remove(connectionId, account);
      }
      const device = deviceOf(principal);
      // Unbound between its token's check and this moment.
      if (device === null || app.members.isClosed(principal.accountId)) {
        throw new HubUnauthorizedException("the device is not bound");
      }
      // A phone that dies before its first ping must show as gone too.
      caller.expectPings();
      app.presence.connected(device);
      try {
        await greetDevice({ app, device, connectionId });
      } catch (error) {
        // The connection is refused then, and nobody will tell that it has gone.
        app.messages.disconnected(device.id, connectionId);
        app.presence.disconnected(device, "closed");
        throw error;
      }
    },

    onDisconnected({ principal, connectionId, silentMs }, error) {
      if (principal.kind === "device") app.messages.disconnected(principal.deviceId, connectionId);
      const device = deviceOf(principal);
      if (device === null) return;
      const silent = error instanceof ConnectionError && error.code === "client-timeout";
      app.presence.disconnected(device, silent ? "silent" : "closed", silentMs);
    },
  };
}
