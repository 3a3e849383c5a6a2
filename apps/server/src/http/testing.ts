import {
  type Account,
  type Device,
  type Member,
  type Message,
  type MessageTemplate,
  type OperationId,
  operations,
  type Rescue,
  type User,
  type Zone,
} from "@dsp-fleet/contract";
import { pino } from "pino";
import type { ApplicationHandlers, Principal } from "./context.ts";
import { createHttp, type Http, type HttpOptions } from "./create-http.ts";
import { createMetrics } from "./metrics.ts";
import { ProblemError } from "./problem.ts";
import { unknownId } from "./validation.ts";

const account: Account = {
  id: 1,
  name: "North",
  country: "DE",
  timezone: "Europe/Berlin",
  speedUnit: "kmh",
  periodicAirplaneModeOff: false,
  devicesSeePeers: true,
  retentionDays: 60,
};
const user: User = { id: 3, email: "ana@north.example", displayName: "Ana", role: "owner" };

const member: Member = { ...user, state: "active", createdAt: "2026-01-01T00:00:00Z", inviteExpiresAt: null };

export const aDevice = (id: number): Device => ({
  id,
  name: `Van ${id}`,
  identifier: null,
  isConnected: true,
  lastLat: 41.38,
  lastLon: 2.17,
  lastLocationAt: "2026-01-31T12:00:00Z",
  batteryLevelPercent: 61,
  appVersion: "1.0",
  appLanguage: "de",
  appInfoAt: "2026-01-31T12:00:00Z",
  syncState: "idle",
  platform: "android",
  model: "Pixel",
  boundAt: "2026-01-01T00:00:00Z",
  version: 3,
});

const aRescue: Rescue = {
  sessionId: "3f2b8c1e-5a0d-4c57-9b7e-2d6f0a914c33",
  rescueeDeviceId: 7,
  rescuerDeviceId: 9,
  startedUtc: "2026-01-31T12:00:00Z",
  endedUtc: null,
  endReason: null,
  startedBy: 3,
  durationSeconds: null,
};

const aMessage: Message = {
  id: "3f0e8f6e-0d5c-4f2f-9c43-0a51b4f2c1d7",
  deviceId: 7,
  body: "Call the depot",
  displaySeconds: 30,
  state: "queued",
  createdAt: "2026-01-31T12:00:00Z",
  expiresAt: "2026-02-01T00:00:00Z",
  sentAt: null,
  sendCount: 0,
  receivedAt: null,
  seenAt: null,
  respondedAt: null,
  responseText: null,
  cancelledAt: null,
  sentBy: 3,
};
const aTemplate: MessageTemplate = {
  id: 7,
  title: "Depot",
  body: "Call the depot",
  displaySeconds: 30,
  quickReplies: ["Yes"],
  version: 3,
};

const signedIn = {
  accessToken: "a",
  accessTokenExpiresAt: "2026-01-31T12:00:00Z",
  refreshToken: "r",
  refreshTokenExpiresAt: "2026-02-28T12:00:00Z",
  tokenType: "Bearer",
  user,
  account,
} as const;

/** An application that knows device 7 and no other. */
export const stubHandlers: ApplicationHandlers = {
  register: () => signedIn,
  login() {
    throw new ProblemError("rate-limited", "Too many attempts; wait a little.", { retryAfterSeconds: 29.2 });
  },
  refresh: () => signedIn,
  logout: () => null,
  me: () => ({ user, account }),
  updateMe: (_context, { body }) => ({ user: { ...user, displayName: body.displayName }, account }),
  getAccount: () => account,
  updateAccount: (_context, { body }) => ({ ...account, name: body.name ?? account.name }),
  changePassword: () => null,
  deleteAccount: () => ({ accountId: 1, closedAt: member.createdAt }),
  listAudit: () => ({ items: [], nextCursor: null }),
  listSessions: () => ({ items: [], nextCursor: null }),
  endSession: () => null,
  listUsers: () => ({ items: [member], nextCursor: null }),
  inviteUser: () => ({
    member,
    token: "t",
    inviteUrl: "https://fleet.example/accept-invite#t",
    expiresAt: member.createdAt,
  }),
  updateUser: () => member,
  removeUser: () => null,
  acceptInvite: () => signedIn,
  renewDeviceToken: () => ({ accessToken: "a", accessTokenExpiresAt: member.createdAt }),
  initDevice: (context) => ({
    deviceGuid: "0".repeat(32),
    code: "K7M4QX",
    expiresAt: "2026-01-31T12:10:00Z",
    pairingHub: `${context.origin.ws}/hubs/pairing`,
  }),
  deviceMe: ({ principal, origin }) => ({
    deviceId: principal.deviceId,
    accountId: principal.accountId,
    signalREndpoint: `${origin.http}/hubs/fleet`,
    name: "Van 7",
    identifier: null,
    speedUnit: "kmh",
    country: "DE",
    accountTimezone: "Europe/Berlin",
    periodicAirplaneModeOff: false,
  }),
  bindByCode: () => aDevice(7),
  listDevices: (_context, { query }) => ({ items: [aDevice(7)].slice(0, query.limit), nextCursor: null }),
  getDevice(_context, { params }) {
    if (params.id !== 7) throw new ProblemError("not-found", unknownId);
    return aDevice(7);
  },
  updateDevice(context, { body }) {
    if (context.ifMatch !== null && context.ifMatch !== 3)
      throw new ProblemError("version-mismatch", "Read it again; it is at version 3 now.");
    return { ...aDevice(7), name: body.name ?? "Van 7", version: 4 };
  },
  unbindDevice: () => null,
  historySync: () => ({ accepted: 0, duplicates: 0, rejected: [], ackedThrough: null }),
  deviceHistory: () => ({
    contentType: "application/gpx+xml",
    fileName: "Müllers Van 7.gpx",
    chunks: (async function* () {
      yield "<gpx>";
      yield "</gpx>";
    })(),
  }),
  deviceTrips: () => ({ items: [], nextCursor: null }),
  deviceStops: () => ({ items: [], nextCursor: null }),
  fleetAt: () => ({ time: "2026-01-31T12:00:00Z", devices: [] }),
  requestHistorySync: () => ({ syncState: "requested" }),
  sendMessage: (_context, { body }) => ({ items: [{ ...aMessage, body: body.body }] }),
  listMessages: () => ({ items: [aMessage], nextCursor: null }),
  getMessage: () => aMessage,
  cancelMessage: () => aMessage,
  listDeviceMessages: () => ({ items: [aMessage], nextCursor: null }),
  messageReceived: () => null,
  messageSeen: () => null,
  messageResponse: () => null,
  listMessageTemplates: () => ({ items: [aTemplate], nextCursor: null }),
  createMessageTemplate: () => aTemplate,
  replaceMessageTemplate: () => aTemplate,
  deleteMessageTemplate: () => null,
  fleetLive: () => ({ rev: 9, devices: [aDevice(7)] }),
  readFastLocation: () => ({ lease: null }),
  startFastLocation: () => ({ expiresAt: "2026-01-31T12:05:00Z" }),
  stopFastLocation: () => null,
  listRescues: () => ({ items: [aRescue], nextCursor: null }),
  startRescue: () => aRescue,
  rescueCandidates: () => ({ items: [], nextCursor: null }),
  getRescue: () => aRescue,
  completeRescue: () => aRescue,
  cancelRescue: () => aRescue,
  listZones: () => ({ items: [aZone], nextCursor: null }),
  createZone: () => aZone,
  exportZones: () => ({ type: "FeatureCollection", features: [] }),
  importZones: () => ({ items: [aZone] }),
  getZone: () => aZone,
  updateZone: () => aZone,
  deleteZone: () => null,
  listZoneVisits: () => ({ items: [], nextCursor: null }),
  listDeviceZoneVisits: () => ({ items: [], nextCursor: null }),
};

const aZone: Zone = {
  id: 7,
  name: "North depot",
  color: "#1f77b4",
  kind: "depot",
  geometry: { type: "Point", coordinates: [2.17, 41.38] },
  radiusMeters: 250,
  speedLimitKmh: null,
  version: 1,
  updatedAt: "2026-01-31T12:00:00Z",
};

const principals: Readonly<Record<string, Principal>> = {
  owner: { kind: "user", userId: 3, accountId: 1, role: "owner", sessionId: "s" },
  dispatcher: { kind: "user", userId: 4, accountId: 1, role: "dispatcher", sessionId: "s" },
  viewer: { kind: "user", userId: 5, accountId: 1, role: "viewer", sessionId: "s" },
  device: { kind: "device", deviceId: 7, accountId: 1 },
};

/** The HTTP face over the stub application; a token is the name of its principal. */
export const stubHttp = async (options: Partial<HttpOptions> = {}): Promise<Http> =>
  createHttp({
    handlers: stubHandlers,
    principals: { authenticate: async (token) => principals[token] ?? null },
    logger: pino({ level: "silent" }),
    allowedOrigins: ["https://ops.example"],
    trustProxy: false,
    publicUrl: null,
    isReady: () => true,
    isDraining: () => false,
    metrics: createMetrics(),
    metricsToken: null,
    mapStyleUrl: "local",
    tiles: null,
    webRoot: null,
    checkAnswers: true,
    ...options,
  });

/** The address of an operation, with 7 for its ids. */
export const addressOf = (id: OperationId): string => operations[id].path.replaceAll(/\{\w+\}/g, "7");
