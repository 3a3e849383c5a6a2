import { z } from "zod";
import { account, authResponse, user } from "../models.ts";
import { country, email, name, password, timezone } from "../values.ts";
import { defineOperations } from "./operation.ts";

const refreshToken = z
  .string()
  .min(1)
  .max(512)
  .meta({ examples: ["refreshToken of the last AuthResponse"] });
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
      timezone,
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
      password: z
        .string()
        .max(256)
        .meta({ examples: ["correct horse battery"] }),
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
});
