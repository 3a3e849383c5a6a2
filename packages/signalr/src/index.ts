export { type Clock, systemClock, type Timer } from "./clock.ts";
export type { HubCallerClients, HubClients, HubTarget, HubTargets } from "./hub/hub-clients.ts";
export type {
  Authentication,
  DisconnectOptions,
  HubCaller,
  HubDefinition,
  HubEvents,
  HubFilter,
  HubGroups,
  HubInvocation,
  HubMethod,
} from "./hub/hub-definition.ts";
export { HubBindingException, HubException, HubUnauthorizedException } from "./hub/hub-exceptions.ts";
export type { ConnectionStatus, HubMetrics, InvocationCount } from "./hub/hub-metrics.ts";
export type { HubOptions } from "./hub/hub-options.ts";
export type { HubConnections, MappedHub } from "./hub/mapped-hub.ts";
export type { Audience, HubLifetimeManager, MemberConnection } from "./lifetime/hub-lifetime-manager.ts";
export { InMemoryLifetimeManager } from "./lifetime/in-memory-lifetime-manager.ts";
export type { Logger } from "./logger.ts";
export { createSignalR, type SignalR, type SignalRMetrics, type SignalROptions } from "./node/create-signalr.ts";
export { OutgoingMessage } from "./protocol/batch.ts";
export type { WithDates } from "./protocol/hub-message.ts";
export type { TransferFormat } from "./protocol/hub-protocol.ts";
export { InvalidDataError } from "./protocol/invalid-data-error.ts";
export type { ConnectRequest, RequestFacts } from "./transports/connect-request.ts";
export type { Connection, ConnectionOwner, TransportName } from "./transports/connection.ts";
export { ConnectionError, type ConnectionErrorCode } from "./transports/connection-error.ts";
export type { ConnectionLimits } from "./transports/limits.ts";
