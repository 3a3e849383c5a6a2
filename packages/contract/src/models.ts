import { z } from "zod";
import {
  appText,
  country,
  displaySeconds,
  email,
  id,
  identifier,
  latitude,
  longitude,
  messageBody,
  messageState,
  name,
  percent,
  responseText,
  role,
  speedUnit,
  syncState,
  time,
  timezone,
  uuid,
} from "./values.ts";

export const accessToken = z
  .string()
  .meta({ examples: ["eyJhbGciOiJFZERTQSIsImtpZCI6IjEifQ.eyJzdWIiOiI3In0.c2lnbmF0dXJl"] });

export const user = z
  .object({ id, email, displayName: name.meta({ examples: ["Ana Martí"] }), role })
  .meta({ id: "User" });

/** A person of the account as its owners see them: `invited` until the link was used. */
export const member = z
  .object({
    id,
    email,
    displayName: name.meta({ examples: ["Ana Martí"] }),
    role,
    state: z.enum(["invited", "active", "disabled"]),
    createdAt: time,
    inviteExpiresAt: time.nullable(),
  })
  .meta({ id: "Member" });

/** The link of an invitation: shown once, good once. */
export const invitation = z
  .object({
    member,
    token: z.string().meta({ examples: ["aW52aXRhdGlvbi10b2tlbg"] }),
    inviteUrl: z.string().meta({ examples: ["https://fleet.example/accept-invite#aW52aXRhdGlvbi10b2tlbg"] }),
    expiresAt: time,
  })
  .meta({ id: "Invitation" });

/** One change that somebody made. */
export const auditEntry = z
  .object({
    id,
    at: time,
    actor: z.string().meta({ examples: ["user:12"] }),
    action: z.string().meta({ examples: ["device.changed"] }),
    entity: z.string().meta({ examples: ["device"] }),
    entityId: z.string().meta({ examples: ["7"] }),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "AuditEntry" });

/** A signed-in browser. */
export const session = z
  .object({
    id: z.string().meta({ examples: ["c2Vzc2lvbi1pZA"] }),
    createdAt: time,
    lastUsedAt: time,
    userAgent: z
      .string()
      .nullable()
      .meta({ examples: ["Mozilla/5.0"] }),
    isCurrent: z.boolean(),
  })
  .meta({ id: "Session" });

export const account = z
  .object({
    id,
    name: name.meta({ examples: ["North Depot"] }),
    country,
    timezone,
    speedUnit,
    periodicAirplaneModeOff: z.boolean(),
    devicesSeePeers: z.boolean(),
    retentionDays: z.int().meta({ examples: [60] }),
  })
  .meta({ id: "Account" });

export const authResponse = z
  .object({
    accessToken,
    accessTokenExpiresAt: time,
    refreshToken: z.string().meta({ examples: ["b3BhcXVlLXJlZnJlc2gtdG9rZW4"] }),
    refreshTokenExpiresAt: time,
    tokenType: z.literal("Bearer"),
    user,
    account,
  })
  .meta({ id: "AuthResponse" });

export const device = z
  .object({
    id,
    name,
    identifier: identifier.nullable(),
    isConnected: z.boolean(),
    lastLat: latitude.nullable(),
    lastLon: longitude.nullable(),
    lastLocationAt: time.nullable(),
    batteryLevelPercent: percent.nullable(),
    appVersion: appText.nullable(),
    appLanguage: appText.meta({ examples: ["en"] }).nullable(),
    appInfoAt: time.nullable(),
    syncState,
    platform: z
      .string()
      .meta({ examples: ["android"] })
      .nullable(),
    model: z
      .string()
      .meta({ examples: ["Pixel 9"] })
      .nullable(),
    boundAt: time,
    version: z.int().meta({ examples: [3] }),
  })
  .meta({ id: "Device" });

/** What a phone needs to go on as a bound device. */
export const deviceBound = z
  .object({
    deviceId: id,
    accountId: id,
    signalREndpoint: z.string().meta({ examples: ["https://fleet.example/hubs/fleet"] }),
    name,
    identifier: identifier.nullable(),
    accessToken,
    speedUnit,
    country,
    accountTimezone: timezone,
    periodicAirplaneModeOff: z.boolean(),
  })
  .meta({ id: "DeviceBound" });

/** One fix of a phone; its key is (device, atUtc to the millisecond). */
export const locationSample = z
  .strictObject({
    atUtc: time,
    lat: latitude,
    lon: longitude,
    accuracyMeters: z.number().min(0).max(100_000).nullish(),
    speedMps: z.number().min(0).max(1_000).nullish(),
    headingDegrees: z.number().min(0).max(360).nullish(),
    altitudeMeters: z.number().min(-1_000).max(50_000).nullish(),
    batteryPercent: percent.nullish(),
  })
  .meta({ id: "LocationSample" });

/** A message to one device, with its timeline. The times of received, seen and responded stay as they first were. */
export const message = z
  .object({
    id: uuid,
    deviceId: id,
    body: messageBody,
    displaySeconds,
    state: messageState,
    createdAt: time,
    expiresAt: time,
    /** The first time it went out over the hub, or was known to have reached the phone by another way. */
    sentAt: time.nullable(),
    /** How often it went out over the hub. */
    sendCount: z.int().meta({ examples: [1] }),
    receivedAt: time.nullable(),
    seenAt: time.nullable(),
    respondedAt: time.nullable(),
    responseText: responseText.nullable(),
    cancelledAt: time.nullable(),
    /** The user who sent it; null once that user is gone. */
    sentBy: id.nullable(),
  })
  .meta({ id: "Message" });

/** What an account says often. */
export const messageTemplate = z
  .object({
    id,
    title: name.meta({ examples: ["Call the depot"] }),
    body: messageBody,
    displaySeconds,
    quickReplies: z.array(z.string()).meta({ examples: [["On my way", "Not possible"]] }),
    version: z.int().meta({ examples: [3] }),
  })
  .meta({ id: "MessageTemplate" });

export const sampleRejection = z.enum(["invalid", "future", "too-old"]);

export const samplesReceipt = z
  .object({
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.array(z.object({ index: z.int(), code: sampleRejection })),
  })
  .meta({ id: "SamplesReceipt" });

/** How far the fetching of a phone's older fixes is. `from` and `to` are the times of the oldest and the newest that came. */
export const historyProgress = z
  .object({
    deviceId: id,
    syncState,
    received: z.int().meta({ examples: [1200] }),
    from: time.nullable(),
    to: time.nullable(),
  })
  .meta({ id: "HistoryProgress" });
/** A phone that was asked to report more often for a while, and whether it does. */
export const fastLocation = z
  .object({
    intervalSeconds: z.int().meta({ examples: [2] }),
    expiresAt: time,
    /** Who asked: a dispatcher, or the rescue session that the device is in. */
    owner: z.enum(["dispatcher", "rescue"]),
    /** When the phone last reported a position since it was asked; null: not yet. By the server's clock. */
    lastReportAt: time.nullable(),
    /**
     * Whether the phone obeys. `waiting`: asked a moment ago; `obeying`: it reports as asked; `silent`: connected, but it does not
     * report, and is asked again; `offline`: it will be asked when it returns.
     */
    sign: z.enum(["waiting", "obeying", "silent", "offline"]),
  })
  .meta({ id: "FastLocation" });

export const rescueEndReason = z.enum(["completed", "cancelled_by_dispatcher"]);
export const rescueRole = z.enum(["rescuee", "rescuer"]);

/** One device comes to the aid of another. `endedUtc`, `endReason`, `durationSeconds` are null while it lasts. */
export const rescue = z
  .object({
    sessionId: uuid,
    rescueeDeviceId: id,
    rescuerDeviceId: id.meta({ examples: [9] }),
    startedUtc: time,
    endedUtc: time.nullable(),
    endReason: rescueEndReason.nullable(),
    /** The user who started it; null when that user is no more. */
    startedBy: id.meta({ examples: [3] }).nullable(),
    durationSeconds: z
      .int()
      .meta({ examples: [1260] })
      .nullable(),
  })
  .meta({ id: "Rescue" });

/** What speaks against sending a device. Only `in-rescue` makes it impossible. */
export const rescueDoubt = z.enum(["in-rescue", "offline", "no-position", "old-position", "low-battery"]);

/** A device that could come to the rescue. */
export const rescueCandidate = z
  .object({
    deviceId: id.meta({ examples: [9] }),
    name,
    /** From the rescuee, as the crow flies; null when either position is not known. */
    distanceMeters: z
      .int()
      .meta({ examples: [840] })
      .nullable(),
    /** Nothing speaks against it. */
    eligible: z.boolean(),
    reasons: z.array(rescueDoubt),
    /** How old its position is; null: none is known. */
    positionAgeSeconds: z
      .int()
      .meta({ examples: [12] })
      .nullable(),
    batteryLevelPercent: percent.nullable(),
  })
  .meta({ id: "RescueCandidate" });

export type User = z.output<typeof user>;
export type Member = z.output<typeof member>;
export type Invitation = z.output<typeof invitation>;
export type Session = z.output<typeof session>;
export type Account = z.output<typeof account>;
export type AuthResponse = z.output<typeof authResponse>;
export type Device = z.output<typeof device>;
export type DeviceBound = z.output<typeof deviceBound>;
export type Message = z.output<typeof message>;
export type MessageTemplate = z.output<typeof messageTemplate>;
export type LocationSample = z.output<typeof locationSample>;
export type HistoryProgress = z.output<typeof historyProgress>;
export type SampleRejection = z.output<typeof sampleRejection>;
export type SamplesReceipt = z.output<typeof samplesReceipt>;
export type FastLocation = z.output<typeof fastLocation>;
export type Rescue = z.output<typeof rescue>;
export type RescueEndReason = z.output<typeof rescueEndReason>;
export type RescueRole = z.output<typeof rescueRole>;
export type RescueDoubt = z.output<typeof rescueDoubt>;
export type RescueCandidate = z.output<typeof rescueCandidate>;
