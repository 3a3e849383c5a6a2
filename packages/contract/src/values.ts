import { z } from "zod";
import { windowsZones } from "./windows-zones.ts";

/** accountId, deviceId, zoneId, userId: an integer from 1 to 4294967295. */
export const id = z
  .int()
  .min(1)
  .max(4_294_967_295)
  .meta({ examples: [7] });
/** The same in a path, where it comes as text. */
export const idInPath = z.coerce
  .number()
  .int()
  .min(1)
  .max(4_294_967_295)
  .meta({ examples: [7] });
/** Degrees north, WGS 84. */
export const latitude = z
  .number()
  .min(-90)
  .max(90)
  .meta({ examples: [41.3851] });
/** Degrees east, WGS 84. */
export const longitude = z
  .number()
  .min(-180)
  .max(180)
  .meta({ examples: [2.1734] });
/** 0 to 100. */
export const percent = z
  .number()
  .min(0)
  .max(100)
  .meta({ examples: [61] });
/** UTC, ISO-8601 with `Z`. */
export const time = z.iso.datetime().meta({ examples: ["2026-01-31T12:00:00Z"] });
/** A UUID, in small letters: `messageId`, `sessionId`. */
export const uuid = z
  .uuid()
  .toLowerCase()
  .meta({ examples: ["3f2b8c1e-5a0d-4c57-9b7e-2d6f0a914c33"] });
/** What an app says of itself: its version or its language, at most 64 characters. */
export const appText = z
  .string()
  .max(64)
  .meta({ examples: ["1.4.0"] });
/** 1 to 100 visible characters: names of people, accounts, vans. */
export const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({ examples: ["Van 12"] });
/** A van's own mark: a plate or a fleet number, 1 to 64 characters. */
export const identifier = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .meta({ examples: ["4711 KLM"] });
/** At most 254 characters, the longest address that mail can carry; compared without regard to case. */
export const email = z
  .email()
  .max(254)
  .meta({ examples: ["ana@north.example"] });
/** 8 to 256 characters; the upper end bounds what hashing can be made to cost. */
export const password = z
  .string()
  .min(8)
  .max(256)
  .meta({ examples: ["correct horse battery"] });
/** ISO 3166-1 alpha-2, upper case. */
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, "must be two capital letters, for example US")
  .meta({ examples: ["ES"] });
/** Days that positions and messages are kept, 1 to 3650. */
export const retentionDays = z
  .int()
  .min(1)
  .max(3_650)
  .meta({ examples: [60] });
export const speedUnit = z.enum(["mph", "kmh"]);
export const role = z.enum(["owner", "dispatcher", "viewer"]);
export const syncState = z.enum(["idle", "requested", "syncing", "synced", "failed"]);
/** Seconds between the reports of a fast-location lease. */
export const fastLocationInterval = z
  .int()
  .min(1)
  .max(60)
  .meta({ examples: [2] });
/** Seconds that a fast-location lease lasts. */
export const fastLocationDuration = z
  .int()
  .min(10)
  .max(3600)
  .meta({ examples: [300] });
/** IANA name, for example Europe/Berlin. */
export const timezone = z
  .string()
  .max(64)
  .refine(isTimezone, "must be an IANA time zone, for example Europe/Berlin")
  .meta({ examples: ["Europe/Madrid"] });
/** The same as somebody enters it: Windows' name is taken too, and kept as the IANA name, such as `Romance Standard Time`. */
export const timezoneEntry = z
  .string()
  .max(64)
  .overwrite((entry) => windowsZones[entry] ?? entry)
  .refine(isTimezone, "must be an IANA time zone, for example Europe/Berlin")
  .meta({ examples: ["Europe/Madrid"] });

/** PostgreSQL keeps no text with the character U+0000, and no screen shows it. */
const keepable = { test: (text: string) => !text.includes("\u0000"), words: "must not contain the character U+0000" };
/** What a person wrote to a van: 1 to 2000 characters, not all of them blank. */
export const messageBody = z
  .string()
  .min(1)
  .max(2_000)
  .refine((text) => text.trim() !== "", "must not be blank")
  .refine(keepable.test, keepable.words)
  .meta({ examples: ["Call the depot, please."] });
/** What a driver answered: 1 to 2000 characters. */
export const responseText = z
  .string()
  .min(1)
  .max(2_000)
  .refine(keepable.test, keepable.words)
  .meta({ examples: ["On my way"] });
/** A reply that fits on a button: 1 to 60 characters. */
export const quickReply = z.string().trim().min(1).max(60).refine(keepable.test, keepable.words);
/** How long a message stays up by itself; 0 is until it is dismissed. */
export const displaySeconds = z
  .int()
  .min(0)
  .max(600)
  .refine((seconds) => seconds === 0 || seconds >= 5, "must be 0 (until it is dismissed) or 5 to 600")
  .meta({ examples: [30] });
export const messageState = z.enum(["queued", "sent", "received", "seen", "responded", "cancelled", "expired"]);

export type MessageState = z.output<typeof messageState>;
export type Role = z.output<typeof role>;
export type SyncState = z.output<typeof syncState>;
export type SpeedUnit = z.output<typeof speedUnit>;

function isTimezone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return /^[A-Za-z]/.test(value);
  } catch {
    return false;
  }
}

/** Characters of a pairing code: none that is read as another (no I, L, O, 0, 1). */
export const pairingCodeAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
export const pairingCodeLength = 6;
/** How long a pairing code is good for. */
export const pairingCodeLifeMs = 10 * 60_000;

/** The code as it is kept, from what a person typed: upper case, without blanks and hyphens. */
export function normalizePairingCode(entry: string): string {
  return entry.replaceAll(/[\s\-·]/g, "").toUpperCase();
}

/** A device GUID as it is compared: 32 lower-case hex digits; null when it is none. */
export function normalizeDeviceGuid(value: string): string | null {
  const hex = value.replaceAll("-", "").toLowerCase();
  return /^[0-9a-f]{32}$/.test(hex) && value.length <= 36 ? hex : null;
}
