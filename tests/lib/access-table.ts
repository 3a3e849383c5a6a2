import type { FleetHub, MethodName, OperationId, PairingHub } from "@dsp-fleet/contract";
import type { ThingName } from "./things.ts";

/** Who may call; an owner may what a dispatcher may, a dispatcher what a viewer may; `account` is any of them, or a device. */
type Who = "anyone" | "user" | "viewer" | "dispatcher" | "owner" | "device" | "account" | "operator";

/** Who may call; and what the ids of the path name, where there are any. */
type AccessRow = Who | readonly [Who, ThingName];

/**
 * What the authorization matrix expects, written by hand and not read from the contract: an operation or a method without
 * its line does not compile. A new kind of thing also gets its maker in things.ts.
 */
export const restAccess: Record<OperationId, AccessRow> = {
  register: "anyone",
  login: "anyone",
  refresh: "anyone",
  logout: "user",
  me: "user",
  updateMe: "user",
  getAccount: "viewer",
  updateAccount: "owner",
  deleteAccount: "owner",
  listAudit: "owner",
  changePassword: "user",
  listSessions: "user",
  endSession: ["user", "session"],

  listUsers: "owner",
  inviteUser: "owner",
  updateUser: ["owner", "user"],
  removeUser: ["owner", "user"],
  acceptInvite: "anyone",

  initDevice: "anyone",
  deviceMe: "device",
  renewDeviceToken: "device",
  bindByCode: "dispatcher",
  listDevices: "viewer",
  getDevice: ["viewer", "device"],
  updateDevice: ["dispatcher", "device"],
  unbindDevice: ["dispatcher", "device"],
  fleetLive: "viewer",

  sendMessage: "dispatcher",
  listMessages: "viewer",
  getMessage: ["viewer", "message"],
  cancelMessage: ["dispatcher", "message"],
  listDeviceMessages: "device",
  messageReceived: ["device", "message"],
  messageSeen: ["device", "message"],
  messageResponse: ["device", "message"],
  listMessageTemplates: "account",
  createMessageTemplate: "dispatcher",
  replaceMessageTemplate: ["dispatcher", "messageTemplate"],
  deleteMessageTemplate: ["dispatcher", "messageTemplate"],

  historySync: "device",
  requestHistorySync: ["dispatcher", "device"],
  deviceHistory: ["viewer", "device"],
  deviceTrips: ["viewer", "device"],
  deviceStops: ["viewer", "device"],
  fleetAt: "viewer",

  readFastLocation: ["viewer", "device"],
  startFastLocation: ["dispatcher", "device"],
  stopFastLocation: ["dispatcher", "device"],

  listZones: "viewer",
  createZone: "dispatcher",
  exportZones: "viewer",
  importZones: "dispatcher",
  getZone: ["viewer", "zone"],
  updateZone: ["dispatcher", "zone"],
  deleteZone: ["dispatcher", "zone"],
  listZoneVisits: ["viewer", "zone"],
  listDeviceZoneVisits: ["viewer", "device"],

  listRescues: "viewer",
  startRescue: "dispatcher",
  rescueCandidates: "dispatcher",
  getRescue: ["viewer", "rescue"],
  completeRescue: ["dispatcher", "rescue"],
  cancelRescue: ["dispatcher", "rescue"],

  healthLive: "anyone",
  healthReady: "anyone",
  metrics: "operator",
};

/** Over FleetHub: every connection, or devices alone; `expired` also while the token has run out. */
export const fleetAccess: Record<MethodName<FleetHub>, "expired" | "connection" | "device"> = {
  RequestTokenRefresh: "expired",
  ReportLocation: "device",
  ReportDeviceInfo: "device",
  MessageReceived: "device",
  MessageSeen: "device",
  MessageResponse: "device",
  ReportSamples: "device",
};

export const pairingAccess: Record<MethodName<PairingHub>, "anyone"> = {
  RegisterConnectionForPairing: "anyone",
  RequestPairingCode: "anyone",
};
