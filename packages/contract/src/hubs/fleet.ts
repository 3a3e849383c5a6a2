import { z } from "zod";
import {
  authResponse,
  device,
  historyProgress,
  message,
  rescueEndReason,
  rescueRole,
  samplesReceipt,
} from "../models.ts";
import { historyLimits } from "../rest/history.ts";
import {
  appText,
  displaySeconds,
  fastLocationDuration,
  fastLocationInterval,
  id,
  latitude,
  longitude,
  messageBody,
  name,
  percent,
  responseText,
  syncState,
  time,
  uuid,
} from "../values.ts";
import { zone, zoneVisit } from "../zones.ts";
import { defineHub } from "./hub.ts";

const appInfo = {
  batteryPercent: percent.nullable(),
  appVersion: appText.nullable(),
  appLanguage: appText.nullable(),
};

/** As a device names it: any text is taken, so that what is no id of a message is answered as one that nobody has. */
const namedMessage = z
  .string()
  .max(64)
  .toLowerCase()
  .meta({ title: "string (UUID)", examples: ["3f0e8f6e-0d5c-4f2f-9c43-0a51b4f2c1d7"] });

/** How many samples one ReportSamples may carry: about 32 KiB as JSON with every field would be 200; a phone online sends few. */
export const reportSamplesMaximum = 500;

export const fleetHub = defineHub({
  name: "FleetHub",
  path: "/hubs/fleet",
  summary: "Positions and device state, live. Needs a user or device token.",
  authentication: "required",
  groups: {
    "account:{accountId}": "All FleetHub connections whose token has that AccountId: dashboards and devices.",
    "device:{deviceId}": "FleetHub connections whose token has that DeviceId.",
    "devices:{accountId}":
      "The connections of the account's devices, also of those that an account with devicesSeePeers off leaves out of account:. Zone events go to account: and devices: together, and to each connection once.",
    "dashboards:{accountId}": "The connections of the account's users.",
  },
  methods: {
    RequestTokenRefresh: {
      access: "expired",
      summary:
        "Trades a refresh token for fresh tokens, as the HTTP refresh does; null when it is not good. The connection goes on under the new identity (same account only), also when its token had run out.",
      params: { refreshToken: z.string().min(1).max(512) },
      returns: authResponse.nullable(),
    },
    ReportLocation: {
      access: "device",
      summary: "Remembers where the device is now and tells the account by DeviceUpdated. null means unchanged.",
      params: { lat: latitude, lon: longitude, ...appInfo },
      returns: null,
    },
    ReportDeviceInfo: {
      access: "device",
      summary: "Battery and app before the first fix; tells the account by DeviceUpdated. null means unchanged.",
      params: appInfo,
      returns: null,
    },
    MessageReceived: {
      access: "device",
      summary:
        "The phone has the message: it is not sent again. Tells the account by DeviceMessageReceived and DeviceMessageAcknowledged.",
      params: { messageId: namedMessage },
      returns: null,
    },
    MessageSeen: {
      access: "device",
      summary: "The driver has seen the message, so the phone has received it. Tells the account by DeviceMessageSeen.",
      params: { messageId: namedMessage },
      returns: null,
    },
    MessageResponse: {
      access: "device",
      summary:
        "Keeps the driver's reply, the first one; implies seen. Tells the account by DeviceMessageResponse, then by DeviceMessageSeen if it was not seen yet.",
      params: { messageId: namedMessage, responseText },
      returns: null,
    },
    ReportSamples: {
      access: "device",
      summary:
        "Fixes of a phone with their times. The answer comes once they are on disk; a fix already known is a duplicate, a bad one is rejected and spoils no other.",
      params: {
        samples: z
          .array(z.unknown())
          .min(1)
          .max(reportSamplesMaximum)
          .meta({ title: `list of LocationSample (1–${reportSamplesMaximum})` }),
      },
      returns: samplesReceipt,
    },
  },
  events: {
    DeviceUpdated: {
      to: "account",
      summary: "A device connected, went away (after 10 s without a return), or reported.",
      args: {
        deviceId: id,
        isConnected: z.boolean(),
        lastLat: latitude.nullable(),
        lastLon: longitude.nullable(),
        lastLocationAt: time.nullable(),
        batteryLevelPercent: percent.nullable(),
        appVersion: appText.nullable(),
        appLanguage: appText.nullable(),
        appInfoAt: time.nullable(),
        syncState,
      },
    },
    ReceiveMessage: {
      to: "device",
      summary:
        "A message for the driver: at once, again after 5, 10, 20, 40, then every 60 s, and at every connect, until MessageReceived. Keep its id before acknowledging, and show it once.",
      args: { messageId: uuid, body: messageBody, displaySeconds },
    },
    DeviceMessageReceived: {
      to: "account",
      summary: "The phone has the message.",
      args: { deviceId: id, messageId: uuid },
    },
    DeviceMessageAcknowledged: {
      to: "account",
      summary: "The same as DeviceMessageReceived and right after it, for older clients.",
      args: { deviceId: id, messageId: uuid },
    },
    DeviceMessageSeen: {
      to: "account",
      summary: "The driver has seen the message.",
      args: { deviceId: id, messageId: uuid },
    },
    DeviceMessageResponse: {
      to: "account",
      summary: "The driver has replied.",
      args: { deviceId: id, messageId: uuid, responseText, respondedAt: time },
    },
    ZoneSync: {
      to: "the connecting device; all devices after an import",
      summary: "Every zone of the account; it replaces whatever the device knew. The first thing that a device hears.",
      args: { zones: z.array(zone) },
    },
    ZoneAdded: {
      to: "account and devices",
      summary:
        "A zone is new or was changed: an id already known is replaced. After an import dashboards hear it for each new zone, devices hear ZoneSync instead.",
      args: { zone },
    },
    ZoneDeleted: {
      to: "account and devices",
      summary: "A zone is gone. Visits that were open in it are closed.",
      args: { zoneId: id },
    },
    StartFastLocation: {
      to: "device",
      summary:
        "Report every intervalSeconds for durationSeconds from now, then as usual again; a new one replaces the old. Comes again at connect with the seconds that remain, and while a connected phone does not report as asked.",
      args: { intervalSeconds: fastLocationInterval, durationSeconds: fastLocationDuration },
    },
    StopFastLocation: { to: "device", summary: "Report as usual again, before the time is over.", args: {} },
    RequestHistorySync: {
      to: "device",
      summary:
        "A dispatcher asks for the fixes of the last hours that the phone still keeps: it answers by POST /api/devices/history-sync, the last batch with final. Comes again at each connect until that is done.",
      args: { hours: z.int().min(1).max(historyLimits.syncHours) },
    },
    RescueSessionStarted: {
      to: "account; each device of the pair",
      summary:
        "A rescue began; a device of the pair gets its own copy, and again at connect while the session lasts. yourRole, peerDeviceId and peerDisplayName are in that copy alone.",
      args: {
        session: z
          .object({
            sessionId: uuid,
            rescueeDeviceId: id,
            rescuerDeviceId: id,
            startedUtc: time,
            yourRole: rescueRole.optional(),
            peerDeviceId: id.optional(),
            peerDisplayName: name.optional(),
          })
          .meta({ id: "RescueSessionStarted" }),
      },
    },
    RescuePeerLocation: {
      to: "the peer's device alone",
      summary:
        "Where the other device of the pair is: the last known position at once, then each new one, at most every 2 s. The newest wins.",
      args: {
        position: z
          .object({ peerDeviceId: id, lat: latitude, lon: longitude, atUtc: time })
          .meta({ id: "RescuePeerLocation" }),
      },
    },
    RescueSessionEnded: {
      to: "account; both devices",
      summary: "The rescue is over; a phone that was away hears it when it connects.",
      args: {
        ending: z.object({ sessionId: uuid, endReason: rescueEndReason }).meta({ id: "RescueSessionEnded" }),
      },
    },
    MessageUpdated: {
      to: "account",
      summary: "A message is new or has changed: the whole of it, with its timeline.",
      args: { message },
    },
    DeviceAdded: { to: "account", summary: "A phone was bound.", args: { device } },
    DeviceChanged: { to: "account", summary: "A device has a new name or identifier.", args: { device } },
    DeviceRemoved: { to: "account", summary: "A device was unbound.", args: { deviceId: id } },
    ZoneVisitChanged: {
      to: "account",
      summary:
        "A device entered or left a zone, or late fixes showed that it had. It replaces every visit of the same device and zone that it overlaps; with leftAt equal to enteredAt there was no visit. addedLate: learnt after the fact, so no reason for an alarm.",
      args: { visit: zoneVisit.omit({ zoneName: true, dwellSeconds: true }).meta({ id: "ZoneVisitChange" }) },
    },
    HistoryProgress: {
      to: "account",
      summary: "The fetching of a phone's older fixes was asked for, went on, or ended.",
      args: { progress: historyProgress },
    },
  },
});

export type FleetHub = typeof fleetHub;
