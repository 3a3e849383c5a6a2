import { z } from "zod";
import { authResponse, invitation, member } from "../models.ts";
import { email, idInPath, name, password, role } from "../values.ts";
import { defineOperations } from "./operation.ts";
import { pageQuery } from "./page-query.ts";

const userParams = z.object({ id: idInPath });
const displayName = name.meta({ examples: ["Ana Martí"] });

export const userOperations = defineOperations({
  listUsers: {
    method: "GET",
    path: "/api/users",
    access: "owner",
    tag: "Accounts",
    summary: "The people of the account, a page at a time",
    query: pageQuery,
    answer: { status: 200, body: z.object({ items: z.array(member), nextCursor: z.string().nullable() }) },
    errors: [],
  },
  inviteUser: {
    method: "POST",
    path: "/api/users",
    access: "owner",
    tag: "Accounts",
    summary: "Invites somebody by a link that is shown once; inviting the same address again makes a fresh link",
    body: z.strictObject({ email, role, displayName: displayName.optional() }),
    answer: { status: 201, body: invitation },
    errors: ["email-in-use"],
  },
  updateUser: {
    method: "PATCH",
    path: "/api/users/{id}",
    access: "owner",
    tag: "Accounts",
    summary:
      "Changes somebody's role or name, or disables them: their tokens are dead, their live connections are closed",
    params: userParams,
    body: z
      .strictObject({ role, displayName, disabled: z.boolean().meta({ examples: [true] }) })
      .partial()
      .refine(
        (body) => Object.values(body).some((value) => value !== undefined),
        "role, displayName or disabled is needed",
      ),
    answer: { status: 200, body: member },
    errors: ["not-found", "last-owner"],
  },
  removeUser: {
    method: "DELETE",
    path: "/api/users/{id}",
    access: "owner",
    tag: "Accounts",
    summary: "Removes somebody, or takes an invitation back",
    params: userParams,
    answer: { status: 204, body: null },
    errors: ["not-found", "last-owner"],
  },
  acceptInvite: {
    method: "POST",
    path: "/api/auth/accept-invite",
    access: "anyone",
    tag: "Accounts",
    summary: "Uses an invitation's link once: the person chooses a password and is signed in",
    body: z.strictObject({
      token: z
        .string()
        .min(1)
        .max(128)
        .meta({ examples: ["aW52aXRhdGlvbi10b2tlbg"] }),
      password,
      displayName: displayName.optional(),
    }),
    answer: { status: 201, body: authResponse },
    errors: ["invitation-unknown", "email-in-use", "rate-limited"],
  },
});
