import { z } from "zod";
import { account, auditEntry, authResponse, session, user } from "../models.ts";
import { country, email, id, name, password, retentionDays, speedUnit, time, timezoneEntry } from "../values.ts";
import { defineOperations } from "./operation.ts";
import { pageQuery } from "./page-query.ts";

const refreshToken = z
  .string()
  .min(1)
  .max(512)
  .meta({ examples: ["refreshToken of the last AuthResponse"] });
/** One that is compared with what is kept, so that its form is not judged. */
const passwordEntry = z
  .string()
  .max(256)
  .meta({ examples: ["correct horse battery"] });
const displayName = name.meta({ examples: ["Ana Martí"] });

export const accountOperations = defineOperations({
  register: {
    method: "POST",
    path: "/api/auth/register",
    access: "anyone",
    tag: "Accounts",
    summary: "Makes an account and its owner, signed in",
    body: z.strictObject({
      email,
      password,
      displayName,
      accountName: name.meta({ examples: ["North Depot"] }),
      country,
      timezone: timezoneEntry,
    }),
    answer: { status: 201, body: authResponse },
    errors: ["email-in-use", "rate-limited"],
  },
  login: {
    method: "POST",
    path: "/api/auth/login",
    access: "anyone",
    tag: "Accounts",
    summary: "Signs a user in",
    body: z.strictObject({
      email: z
        .string()
        .max(254)
        .meta({ examples: ["ana@north.example"] }),
      password: passwordEntry,
    }),
    answer: { status: 200, body: authResponse },
    errors: ["invalid-credentials", "rate-limited"],
  },
  refresh: {
    method: "POST",
    path: "/api/auth/refresh",
    access: "anyone",
    tag: "Accounts",
    summary: "Trades a refresh token for fresh tokens; each is good once",
    body: z.strictObject({ refreshToken }),
    answer: { status: 200, body: authResponse },
    errors: ["invalid-refresh-token"],
  },
  logout: {
    method: "POST",
    path: "/api/auth/logout",
    access: "user",
    tag: "Accounts",
    summary: "Ends the session that the refresh token belongs to",
    body: z.strictObject({ refreshToken }),
    answer: { status: 204, body: null },
    errors: [],
  },
  me: {
    method: "GET",
    path: "/api/auth/me",
    access: "user",
    tag: "Accounts",
    summary: "Who is signed in, and the account",
    answer: { status: 200, body: z.object({ user, account }) },
    errors: [],
  },
  updateMe: {
    method: "PATCH",
    path: "/api/auth/me",
    access: "user",
    tag: "Accounts",
    summary: "Changes the own profile",
    body: z.strictObject({ displayName }),
    answer: { status: 200, body: z.object({ user, account }) },
    errors: [],
  },
  getAccount: {
    method: "GET",
    path: "/api/account",
    access: "viewer",
    tag: "Accounts",
    summary: "The account and its settings",
    answer: { status: 200, body: account },
    errors: [],
  },
  updateAccount: {
    method: "PATCH",
    path: "/api/account",
    access: "owner",
    tag: "Accounts",
    summary:
      "Changes the account's settings; what is left out stays. devicesSeePeers holds for connected devices at once",
    body: z
      .strictObject({
        name: name.meta({ examples: ["North Depot"] }),
        country,
        timezone: timezoneEntry,
        speedUnit,
        periodicAirplaneModeOff: z.boolean(),
        devicesSeePeers: z.boolean(),
        retentionDays,
      })
      .partial()
      .refine((body) => Object.values(body).some((value) => value !== undefined), "one setting at least is needed"),
    answer: { status: 200, body: account },
    errors: [],
  },
  deleteAccount: {
    method: "DELETE",
    path: "/api/account",
    access: "owner",
    tag: "Accounts",
    summary:
      "Closes the account for good and erases everything of it: every token is dead and every connection closed at once, the rows go in the background",
    body: z.strictObject({
      password: passwordEntry,
      accountName: z
        .string()
        .max(100)
        .meta({ examples: ["North Depot"] }),
    }),
    answer: { status: 202, body: z.object({ accountId: id, closedAt: time }).meta({ id: "AccountClosed" }) },
    errors: ["wrong-password", "rate-limited"],
  },
  listAudit: {
    method: "GET",
    path: "/api/audit",
    access: "owner",
    tag: "Accounts",
    summary: "Who changed what, the latest first. actor is user:12 or device:7, entity is device or device:7",
    query: pageQuery.extend({
      actor: z.string().max(64).optional(),
      entity: z.string().max(128).optional(),
      from: time.optional(),
      to: time.optional(),
    }),
    answer: { status: 200, body: z.object({ items: z.array(auditEntry), nextCursor: z.string().nullable() }) },
    errors: [],
  },
  changePassword: {
    method: "POST",
    path: "/api/auth/me/password",
    access: "user",
    tag: "Accounts",
    summary: "Changes the own password; every other session of the user ends",
    body: z.strictObject({ currentPassword: passwordEntry, newPassword: password }),
    answer: { status: 204, body: null },
    errors: ["wrong-password", "rate-limited"],
  },
  listSessions: {
    method: "GET",
    path: "/api/auth/sessions",
    access: "user",
    tag: "Accounts",
    summary: "The own signed-in browsers, the latest first",
    query: pageQuery,
    answer: { status: 200, body: z.object({ items: z.array(session), nextCursor: z.string().nullable() }) },
    errors: [],
  },
  endSession: {
    method: "DELETE",
    path: "/api/auth/sessions/{id}",
    access: "user",
    tag: "Accounts",
    summary: "Ends an own session: its tokens are dead, its live connections are closed",
    params: z.object({ id: z.string().max(64) }),
    answer: { status: 204, body: null },
    errors: ["not-found"],
  },
});
