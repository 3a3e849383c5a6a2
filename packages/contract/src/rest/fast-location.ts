import { z } from "zod";
import { fastLocation } from "../models.ts";
import { fastLocationDuration, fastLocationInterval, idInPath, time } from "../values.ts";
import { defineOperations } from "./operation.ts";

const deviceParams = z.object({ id: idInPath });
const path = "/api/devices/{id}/fast-location";

export const fastLocationOperations = defineOperations({
  readFastLocation: {
    method: "GET",
    path,
    access: "viewer",
    tag: "Devices",
    summary: "The fast-location lease that the phone has now, null for none, and whether the phone obeys",
    params: deviceParams,
    answer: { status: 200, body: z.object({ lease: fastLocation.nullable() }) },
    errors: ["not-found"],
  },
  startFastLocation: {
    method: "POST",
    path,
    access: "dispatcher",
    tag: "Devices",
    summary: "Asks the phone to report more often for a while; a new lease replaces the old",
    params: deviceParams,
    body: z.strictObject({ intervalSeconds: fastLocationInterval, durationSeconds: fastLocationDuration }),
    answer: { status: 202, body: z.object({ expiresAt: time }) },
    errors: ["not-found"],
  },
  stopFastLocation: {
    method: "DELETE",
    path,
    access: "dispatcher",
    tag: "Devices",
    summary: "Ends the lease before its time; one that a rescue session holds goes on",
    params: deviceParams,
    answer: { status: 204, body: null },
    errors: ["not-found"],
  },
});
