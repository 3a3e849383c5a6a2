import { z } from "zod";
import { message, messageTemplate } from "../models.ts";
import {
  displaySeconds,
  id,
  idInPath,
  messageBody,
  messageState,
  name,
  quickReply,
  responseText,
  time,
  uuid,
} from "../values.ts";
import { defineOperations } from "./operation.ts";
import { pageQuery } from "./page-query.ts";

/** How many devices one request may name; `"all"` has no such bound. */
export const messageDevicesMaximum = 200;
/** How long a message is tried when its sender names no end: a working day. */
export const messageLifeMs = 12 * 60 * 60_000;
/** How far away its end may be: what is a week old is news to nobody. */
export const messageLifeMaximumMs = 7 * 24 * 60 * 60_000;
/** What fits under a thumb, and on the screen of a phone in a cradle. */
export const quickRepliesMaximum = 8;

const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

const receivers = z
  .union([z.literal("all"), z.array(id).min(1).max(messageDevicesMaximum).refine(distinct)], {
    error: `must be "all" or a list of 1 to ${messageDevicesMaximum} different device ids`,
  })
  .meta({ examples: [[7, 12], "all"] });

const messagePage = z.object({ items: z.array(message), nextCursor: z.string().nullable() });
const messageParams = z.object({ id: uuid });

const templateParams = z.object({ id: idInPath });
const templateBody = z.strictObject({
  title: name.meta({ examples: ["Call the depot"] }),
  body: messageBody,
  displaySeconds: displaySeconds.default(30),
  quickReplies: z
    .array(quickReply)
    .max(quickRepliesMaximum)
    .refine(distinct, "must all be different")
    .default([])
    .meta({ examples: [["On my way", "Not possible"]] }),
});

export const messageOperations = defineOperations({
  sendMessage: {
    method: "POST",
    path: "/api/messages",
    access: "dispatcher",
    tag: "Messages",
    summary: "Sends a message to one device, several, or every bound one; those that are away get it when they connect",
    body: z.strictObject({
      deviceIds: receivers,
      body: messageBody,
      displaySeconds: displaySeconds.default(30),
      expiresAt: time.optional(),
    }),
    idempotent: true,
    answer: { status: 202, body: z.object({ items: z.array(message) }) },
    errors: ["not-found"],
  },
  listMessages: {
    method: "GET",
    path: "/api/messages",
    access: "viewer",
    tag: "Messages",
    summary: "Messages of the account, the newest first, a page at a time; of one device or in one state where asked",
    query: pageQuery.extend({ deviceId: idInPath.optional(), state: messageState.optional() }),
    answer: { status: 200, body: messagePage },
    errors: [],
  },
  getMessage: {
    method: "GET",
    path: "/api/messages/{id}",
    access: "viewer",
    tag: "Messages",
    summary: "One message with its timeline",
    params: messageParams,
    answer: { status: 200, body: message },
    errors: ["not-found"],
  },
  cancelMessage: {
    method: "POST",
    path: "/api/messages/{id}/cancel",
    access: "dispatcher",
    tag: "Messages",
    summary:
      "Stops sending it. One that the phone has already, or that has ended, stays as it is: look at the state that is answered",
    params: messageParams,
    answer: { status: 200, body: message },
    errors: ["not-found"],
  },
  listDeviceMessages: {
    method: "GET",
    path: "/api/device/messages",
    access: "device",
    tag: "Phones",
    summary:
      "The phone's own messages, for one whose socket is blocked: with `pending=true` those it has not received, the oldest first; else all, the newest first. Reading counts neither as sent nor as received",
    query: pageQuery.extend({ pending: z.enum(["true", "false"]).default("false") }),
    answer: { status: 200, body: messagePage },
    errors: [],
  },
  messageReceived: {
    method: "POST",
    path: "/api/device/messages/{id}/received",
    access: "device",
    tag: "Phones",
    summary: "The same as MessageReceived of FleetHub",
    params: messageParams,
    answer: { status: 204, body: null },
    errors: ["not-found"],
  },
  messageSeen: {
    method: "POST",
    path: "/api/device/messages/{id}/seen",
    access: "device",
    tag: "Phones",
    summary: "The same as MessageSeen of FleetHub",
    params: messageParams,
    answer: { status: 204, body: null },
    errors: ["not-found"],
  },
  messageResponse: {
    method: "POST",
    path: "/api/device/messages/{id}/response",
    access: "device",
    tag: "Phones",
    summary: "The same as MessageResponse of FleetHub; the first reply stays",
    params: messageParams,
    body: z.strictObject({ responseText }),
    answer: { status: 204, body: null },
    errors: ["not-found"],
  },
});

export const messageTemplateOperations = defineOperations({
  listMessageTemplates: {
    method: "GET",
    path: "/api/message-templates",
    access: "account",
    tag: "Messages",
    summary: "What the account says often, with the quick replies that a phone offers below it",
    query: pageQuery,
    answer: { status: 200, body: z.object({ items: z.array(messageTemplate), nextCursor: z.string().nullable() }) },
    errors: [],
  },
  createMessageTemplate: {
    method: "POST",
    path: "/api/message-templates",
    access: "dispatcher",
    tag: "Messages",
    summary: "Adds a template",
    body: templateBody,
    answer: { status: 201, body: messageTemplate },
    errors: ["limit-reached"],
  },
  replaceMessageTemplate: {
    method: "PUT",
    path: "/api/message-templates/{id}",
    access: "dispatcher",
    tag: "Messages",
    summary: "Replaces a template",
    params: templateParams,
    body: templateBody,
    ifMatch: true,
    answer: { status: 200, body: messageTemplate },
    errors: ["not-found", "version-mismatch"],
  },
  deleteMessageTemplate: {
    method: "DELETE",
    path: "/api/message-templates/{id}",
    access: "dispatcher",
    tag: "Messages",
    summary: "Deletes a template; messages that were sent from it stay",
    params: templateParams,
    ifMatch: true,
    answer: { status: 204, body: null },
    errors: ["not-found", "version-mismatch"],
  },
});
