import { z } from "zod";
import { rescue, rescueCandidate } from "../models.ts";
import { id, idInPath, time, uuid } from "../values.ts";
import { defineOperations } from "./operation.ts";
import { pageQuery } from "./page-query.ts";

const rescueParams = z.object({ id: uuid });

export const rescueOperations = defineOperations({
  listRescues: {
    method: "GET",
    path: "/api/rescues",
    access: "viewer",
    tag: "Rescues",
    summary: "Rescue sessions, the latest first; with from and to those that were started in that time",
    query: pageQuery.extend({
      state: z.enum(["open", "ended"]).optional(),
      from: time.optional(),
      to: time.optional(),
    }),
    answer: { status: 200, body: z.object({ items: z.array(rescue), nextCursor: z.string().nullable() }) },
    errors: [],
  },
  startRescue: {
    method: "POST",
    path: "/api/rescues",
    access: "dispatcher",
    tag: "Rescues",
    summary: "Sends one device to the rescue of another; each is in one session at most",
    body: z.strictObject({ rescueeDeviceId: id, rescuerDeviceId: id.meta({ examples: [9] }) }),
    answer: { status: 201, body: rescue },
    errors: ["not-found", "device-in-rescue", "same-device"],
  },
  rescueCandidates: {
    method: "GET",
    path: "/api/rescues/candidates",
    access: "dispatcher",
    tag: "Rescues",
    summary: "Who could come to the rescue: those that nothing speaks against first, the nearest first",
    query: pageQuery.extend({ rescueeDeviceId: idInPath }),
    answer: { status: 200, body: z.object({ items: z.array(rescueCandidate), nextCursor: z.string().nullable() }) },
    errors: ["not-found"],
  },
  getRescue: {
    method: "GET",
    path: "/api/rescues/{id}",
    access: "viewer",
    tag: "Rescues",
    summary: "One rescue session",
    params: rescueParams,
    answer: { status: 200, body: rescue },
    errors: ["not-found"],
  },
  completeRescue: {
    method: "POST",
    path: "/api/rescues/{id}/complete",
    access: "dispatcher",
    tag: "Rescues",
    summary: "Ends a session that did its work; again it answers the same, after a cancel it is refused",
    params: rescueParams,
    answer: { status: 200, body: rescue },
    errors: ["not-found", "rescue-ended"],
  },
  cancelRescue: {
    method: "POST",
    path: "/api/rescues/{id}/cancel",
    access: "dispatcher",
    tag: "Rescues",
    summary: "Calls a session off; again it answers the same, after a complete it is refused",
    params: rescueParams,
    answer: { status: 200, body: rescue },
    errors: ["not-found", "rescue-ended"],
  },
});
