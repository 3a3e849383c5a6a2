import { z } from "zod";
import { accessToken, device, deviceBound } from "../models.ts";
import { appText, identifier, idInPath, name, time } from "../values.ts";
import { defineOperations } from "./operation.ts";
import { pageQuery } from "./page-query.ts";

/** Anything is taken, so that what is no GUID hears `bad-guid` and not which type it should have. */
/** Judged by the handler, so that a missing one is a bad GUID too. */
const deviceGuidEntry = z
  .unknown()
  .optional()
  .meta({
    title: "string (32 hex digits, hyphens optional)",
    examples: ["0f8fad5b-d9cb-469f-a165-70867728950e"],
  });

const deviceParams = z.object({ id: idInPath });

/** What a phone says of itself when it asks for a code; at most 100 characters each. */
const phoneText = z.string().max(100).nullish();

export const deviceOperations = defineOperations({
  initDevice: {
    method: "POST",
    path: "/api/device/init",
    access: "anyone",
    tag: "Phones",
    summary: "A phone asks for a pairing code; the same GUID again gets a fresh one",
    body: z.strictObject({
      deviceGuid: deviceGuidEntry,
      platform: phoneText,
      model: phoneText,
      osVersion: phoneText,
      appVersion: appText.nullish(),
      appLanguage: appText.meta({ examples: ["en"] }).nullish(),
    }),
    answer: {
      status: 200,
      body: z.object({
        deviceGuid: z.string().meta({ examples: ["0f8fad5bd9cb469fa16570867728950e"] }),
        code: z.string().meta({ examples: ["K7M4QX"] }),
        expiresAt: time,
        pairingHub: z.string().meta({ examples: ["https://fleet.example/hubs/pairing"] }),
      }),
    },
    errors: ["bad-guid", "rate-limited"],
  },
  deviceMe: {
    method: "GET",
    path: "/api/device/me",
    access: "device",
    tag: "Phones",
    summary: "The phone's own settings, as in DeviceBound without the token",
    answer: { status: 200, body: deviceBound.omit({ accessToken: true }).meta({ id: "DeviceSettings" }) },
    errors: [],
  },
  bindByCode: {
    method: "POST",
    path: "/api/devices/by-code",
    access: "dispatcher",
    tag: "Devices",
    summary: "Binds the phone that shows this code",
    body: z.strictObject({
      code: z
        .string()
        .max(32)
        .meta({ examples: ["K7M-4QX"] }),
      name,
      identifier: identifier.nullish(),
    }),
    answer: { status: 201, body: device },
    errors: ["code-unknown", "identifier-taken", "rate-limited"],
  },
  listDevices: {
    method: "GET",
    path: "/api/devices",
    access: "viewer",
    tag: "Devices",
    summary: "The account's devices, a page at a time",
    query: pageQuery,
    answer: { status: 200, body: z.object({ items: z.array(device), nextCursor: z.string().nullable() }) },
    errors: [],
  },
  getDevice: {
    method: "GET",
    path: "/api/devices/{id}",
    access: "viewer",
    tag: "Devices",
    summary: "One device",
    params: deviceParams,
    answer: { status: 200, body: device },
    errors: ["not-found"],
  },
  updateDevice: {
    method: "PATCH",
    path: "/api/devices/{id}",
    access: "dispatcher",
    tag: "Devices",
    summary: "Renames a device or gives it another identifier",
    params: deviceParams,
    body: z
      .strictObject({ name: name.optional(), identifier: identifier.nullish() })
      .refine((body) => body.name !== undefined || body.identifier !== undefined, "name or identifier is needed"),
    ifMatch: true,
    answer: { status: 200, body: device },
    errors: ["not-found", "identifier-taken", "version-mismatch"],
  },
  unbindDevice: {
    method: "DELETE",
    path: "/api/devices/{id}",
    access: "dispatcher",
    tag: "Devices",
    summary: "Unbinds a device: its token is dead, its live connections are closed",
    params: deviceParams,
    answer: { status: 204, body: null },
    errors: ["not-found"],
  },
  renewDeviceToken: {
    method: "POST",
    path: "/api/device/token",
    access: "device",
    tag: "Phones",
    summary: "A fresh device token; the one it came with stays good until its own end",
    answer: { status: 200, body: z.object({ accessToken, accessTokenExpiresAt: time }).meta({ id: "DeviceToken" }) },
    errors: ["rate-limited"],
  },
  fleetLive: {
    method: "GET",
    path: "/api/fleet/live",
    access: "viewer",
    tag: "Fleet",
    summary: "The whole account at this moment, in one answer",
    answer: { status: 200, body: z.object({ rev: z.int(), devices: z.array(device) }) },
    errors: [],
  },
});
