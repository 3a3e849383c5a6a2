import { z } from "zod";
import { account, authResponse, session, user } from "../models.ts";
import { country, email, name, password, retentionDays, speedUnit, timezoneEntry } from "../values.ts";
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
